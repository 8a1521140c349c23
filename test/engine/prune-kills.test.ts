import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../core/builders.ts';
import { twoFailed } from './prune-scene.ts';

test.each(['before it was sent', 'when it was sent'])(
  'killed %s, the next life sees a DELETE to its end',
  async (when) => {
    const { world, service, first } = await twoFailed(({ service }) => {
      if (when === 'before it was sent') service.crashAt('intend');
      else {
        service.wire.nextDeletion(async (forward) => {
          const answer = await forward();
          service.crash();
          return answer;
        });
      }
    });
    world.region.control.failBackupsOf.clear();
    await world.until(() => !service.isUp(), HOUR);
    await world.advance(MINUTE);
    await service.start();
    await world.until(() => service.events('prune.deleted').length === 1, DAY + 3 * HOUR);
    expect(service.events('prune.deleted')).toMatchObject([{ backup: first }]);
    expect(service.wire.deletions).toHaveLength(1);
  },
);
