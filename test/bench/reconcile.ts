import { peakRssMib, run, runDaemon, writeConfig } from './processes.ts';
import { figure, report } from './report.ts';

/**
 * The daemon, a process of its own, looks at 100,000 instances in 1,000 projects that a simulated region in another
 * process serves: first all are new, then all are known. And at a region just small enough to be one list.
 */
const MIB = 200;

interface Looks {
  readonly firstMs: number;
  readonly againMs: number;
  readonly mib: number;
}

async function look(instances: number, projects: number): Promise<Looks> {
  const region = run('test/bench/region-server.ts', String(instances), String(projects));
  const config = writeConfig(await region.line('the region’s address', (line) => line.startsWith('http')));
  const lookOnce = async (): Promise<{ ms: number; mib: number }> => {
    const daemon = runDaemon('serve', '--config', config);
    const done = JSON.parse(
      await daemon.line('the end of the look at the region', (line) => line.includes('"reconcile.done"')),
    ) as {
      instances: number;
      ms: number;
    };
    if (done.instances !== instances) throw new Error(`${done.instances} instances were seen instead of ${instances}`);
    const mib = peakRssMib(daemon.child);
    await daemon.stop();
    return { ms: done.ms, mib };
  };
  const first = await lookOnce();
  const again = await lookOnce();
  await region.stop();
  return { firstMs: first.ms, againMs: again.ms, mib: Math.max(first.mib, again.mib) };
}

const large = await look(100_000, 1_000);
const whole = await look(4_900, 49);
report('reconcile', [
  figure('peak RSS, 100,000 instances in 1,000 projects', large.mib, MIB, 'MiB'),
  figure('peak RSS, 4,900 instances in one list', whole.mib, MIB, 'MiB'),
  figure('the first look at 100,000', large.firstMs / 1000, Number.POSITIVE_INFINITY, 's'),
  figure('the next look at 100,000', large.againMs / 1000, Number.POSITIVE_INFINITY, 's'),
]);
