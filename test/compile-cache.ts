/**
 * What Node compiled once is taken from a file by every worker and every daemon that a test starts: reading hundreds of
 * modules anew is most of what a start costs.
 */
process.env['NODE_COMPILE_CACHE'] ??= new URL('../node_modules/.cache/node-compile', import.meta.url).pathname;
