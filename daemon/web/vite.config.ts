import { defineConfig } from 'vite';

/** No part of the page comes from elsewhere, or lies inside another: its policy of contents allows files of its own alone. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // Of these on there is light-dark(), which no older form can take the place of: it goes by a choice, too.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
  clearScreen: false,
  logLevel: 'warn',
});
