import { expect, test } from 'vitest';
import { createHub } from '../../../daemon/http/events/hub.ts';
import type { Change } from '../../../daemon/ports/events.ts';

const OF_P1: Change = { kind: 'run', projectId: 'p1', instanceId: 'db-1' };

function heard(projectId: string | null, hub: ReturnType<typeof createHub>) {
  const changes: Change[] = [];
  return { changes, leave: hub.listen(projectId, (change) => void changes.push(change)) };
}

test('a project hears of itself, who listens to all of each, and nobody of another', () => {
  const hub = createHub();
  const [one, again, other, all] = [heard('p1', hub), heard('p1', hub), heard('p2', hub), heard(null, hub)];
  hub.tell(OF_P1);
  expect([one.changes, again.changes, other.changes, all.changes]).toEqual([[OF_P1], [OF_P1], [], [OF_P1]]);
});

test('of what is of no known project all hear that it is, and none its id', () => {
  const hub = createHub();
  const [one, all] = [heard('p1', hub), heard(null, hub)];
  hub.tell({ kind: 'instance', projectId: null, instanceId: 'db-9' });
  const told = [{ kind: 'instance', projectId: null, instanceId: null }];
  expect([one.changes, all.changes]).toEqual([told, told]);
});

test('who has left hears nothing, those who stay do, and leaving twice takes nobody else along', () => {
  const hub = createHub();
  const [one, stays] = [heard('p1', hub), heard('p1', hub)];
  one.leave();
  one.leave();
  hub.tell(OF_P1);
  stays.leave();
  const back = heard('p1', hub);
  one.leave();
  hub.tell(OF_P1);
  expect([one.changes, stays.changes, back.changes]).toEqual([[], [OF_P1], [OF_P1]]);
});
