// 0 while the daemon beside it says that it is well. OPS_URL is where it listens, if not as http.ops_listen by default.
const url = new URL('/healthz', process.env['OPS_URL'] ?? 'http://127.0.0.1:8781');
try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) console.error(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(`${url}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
