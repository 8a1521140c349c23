import { Writable } from 'node:stream';
import { beforeEach, describe, expect, test } from 'vitest';
import { ApiError } from '../../../daemon/http/api/error.ts';
import { createHub } from '../../../daemon/http/events/hub.ts';
import { HEARTBEAT_MS, PACE_MS, streamEvents } from '../../../daemon/http/events/stream.ts';
import { FakeClock, settled } from '../../daemon/fake-clock.ts';

const DAY = 86_400_000;
let clock: FakeClock;
let hub: ReturnType<typeof createHub>;
beforeEach(() => {
  clock = new FakeClock();
  hub = createHub();
});

interface Opened {
  readonly out: Writable;
  readonly stop: (reason?: Error) => void;
  readonly ended: Promise<void>;
  isOver(): boolean;
  /** What was written since it was asked last. */
  text(): string;
}

function open(over: Partial<Parameters<typeof streamEvents>[0]> & { readonly stuck?: boolean } = {}): Opened {
  const { stuck = false, ...rest } = over;
  let written = '';
  let isOver = false;
  const out = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      if (!stuck) done();
    },
  });
  const stopping = new AbortController();
  const expiresUtc = clock.nowUtc() + DAY;
  const deps = { events: hub, clock, out, projectId: 'p1', isBack: false, expiresUtc, signal: stopping.signal };
  const ended = streamEvents({ ...deps, check: async () => expiresUtc, ...rest });
  const end = (): void => {
    isOver = true;
  };
  ended.then(end, end);
  return {
    out,
    ended,
    stop: (reason) => stopping.abort(reason),
    isOver: () => isOver,
    text() {
      const text = written;
      written = '';
      return text;
    },
  };
}

const change = (instanceId: string, projectId = 'p1') => hub.tell({ kind: 'run', projectId, instanceId });
const eventsIn = (text: string): readonly { instance_id: string | null }[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));

test('it begins with when to come back, and an id to tell then', () => {
  expect(open().text()).toBe('retry: 3000\nid: 0\n\n');
});

test('a change is told at once, with what is gathered with it, and then once a second', async () => {
  const { text } = open();
  text();
  change('db-1');
  change('db-1');
  change('db-2', 'p2');
  await clock.pass(100);
  expect(text()).toBe(
    `event: run\nid: 1\ndata: {"kind":"run","at":"2026-11-22T00:00:00.100Z","project_id":"p1","instance_id":"db-1"}\n\n`,
  );
  change('db-3');
  await clock.pass(PACE_MS - 1);
  expect(text()).toBe('');
  await clock.pass(1);
  expect(text()).toContain('id: 2\n');
});

test('however much changes, no more than five events a second are told, and nothing is missed', async () => {
  const { text } = open();
  text();
  for (let n = 0; n < 50; n++) {
    for (let m = 0; m < 20; m++) change(`db-${n}-${m}`);
    await clock.pass(PACE_MS / 5);
  }
  await clock.pass(PACE_MS);
  const events = eventsIn(text());
  expect(events.length).toBeLessThanOrEqual(12);
  expect(events.every(({ instance_id }) => instance_id === null)).toBe(true);
});

test('who was here before is told to look at everything', async () => {
  const { text } = open({ isBack: true });
  await clock.pass(100);
  expect([...text().matchAll(/^event: (\w+)$/gm)].map(([, kind]) => kind)).toEqual([
    'instance',
    'schedule',
    'run',
    'backup',
    'policy',
  ]);
});

test('who listens to all projects is told whose it is, and not of which where nobody knows', async () => {
  const { text } = open({ projectId: null });
  change('db-2', 'p2');
  hub.tell({ kind: 'instance', projectId: null, instanceId: null });
  await clock.pass(100);
  expect(eventsIn(text())).toMatchObject([
    { kind: 'run', project_id: 'p2' },
    { kind: 'instance', project_id: null },
  ]);
});

test('the line is kept alive', async () => {
  const { text } = open();
  text();
  await clock.pass(3 * HEARTBEAT_MS);
  expect(text()).toBe(':\n\n:\n\n:\n\n');
});

describe('it ends, and listens no more,', () => {
  async function endsOnce(opened: Opened): Promise<void> {
    await opened.ended;
    opened.text();
    change('db-9');
    await clock.pass(1_000);
    expect([opened.text(), clock.sleeping]).toEqual(['', 0]);
  }

  test('when it is stopped, without delay', async () => {
    const opened = open();
    opened.stop(new Error('the service stops'));
    await endsOnce(opened);
  });

  test('when the reader goes', async () => {
    const opened = open();
    opened.out.destroy();
    await endsOnce(opened);
  });

  test('when he is let in no more, within a heartbeat', async () => {
    let may = true;
    const check = async () => {
      if (!may) throw new ApiError(401, 'unauthorized', 'revoked');
      return clock.nowUtc() + DAY;
    };
    const opened = open({ check });
    await clock.pass(2 * HEARTBEAT_MS);
    expect(opened.isOver()).toBe(false);
    may = false;
    await clock.pass(HEARTBEAT_MS);
    await endsOnce(opened);
  });

  test('with his token, to the second', async () => {
    const expiresUtc = clock.nowUtc() + 20_000;
    const check = async () => {
      if (clock.nowUtc() >= expiresUtc) throw new ApiError(401, 'unauthorized', 'expired');
      return expiresUtc;
    };
    const opened = open({ check, expiresUtc });
    await clock.pass(19_999);
    expect(opened.isOver()).toBe(false);
    await clock.pass(1);
    await endsOnce(opened);
  });

  test('when the reader lets 64 KiB lie', async () => {
    const opened = open({ stuck: true });
    for (let n = 0; n < 2_000 && !opened.isOver(); n++) {
      change(`db-${n}`);
      await clock.pass(PACE_MS);
    }
    await endsOnce(opened);
    expect(opened.out.writableLength).toBeLessThan(70_000);
  });

  test('with a fault of ours, which goes on', async () => {
    const opened = open({ check: () => Promise.reject(new TypeError('a fault')) });
    const failing = expect(opened.ended).rejects.toThrow('a fault');
    await clock.pass(HEARTBEAT_MS);
    await failing;
    await settled();
    expect(clock.sleeping).toBe(0);
  });
});
