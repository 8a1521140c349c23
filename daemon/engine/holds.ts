import { because, checkHold, isManaged, type ManagedBackup, UNDO_HOLD_MS } from '../../lib/core/index.ts';
import { HoldRefused, type Holds } from '../ports/holds.ts';
import type { OfProject, RetentionPort } from '../ports/retention.ts';
import { type BackupsDeps, withOwners } from './backups.ts';

export interface HoldsDeps
  extends Pick<BackupsDeps, 'cloud' | 'ledger' | 'identity' | 'storeBornUtc' | 'clock' | 'log'> {
  readonly retention: RetentionPort;
}

const tooLate = (id: string): HoldRefused =>
  new HoldRefused('going', `the deletion of backup ${id} has been asked for already; it may be gone at any moment`);

export function createHolds(deps: HoldsDeps): Holds {
  const { cloud, retention, clock, log } = deps;

  async function ours({ projectId, backupId }: OfProject, signal: AbortSignal): Promise<ManagedBackup> {
    const backup = await cloud.backup(projectId, backupId, signal);
    if (!backup) {
      const remedy = 'take an id that "openstack database backup list" shows there';
      throw new HoldRefused('absent', `project ${projectId} has no backup ${backupId}; ${remedy}`);
    }
    const [owned] = await withOwners(deps, [backup]);
    if (owned && isManaged(owned)) return owned;
    throw new HoldRefused(
      'foreign',
      `backup ${backupId} was not made by this service, which never deletes it: it needs no hold`,
    );
  }

  return {
    async hold({ projectId, backupId, ...who }, signal) {
      checkHold(who, clock.nowUtc());
      const { instanceId } = await ours({ projectId, backupId }, signal);
      const of = { backupId, instanceId: instanceId ?? '', projectId };
      if ((await retention.hold({ ...of, ...who }, clock.nowUtc())) === 'going') throw tooLate(backupId);
      log.info('hold.made', { backup: backupId, instance: instanceId, project: projectId, ...who });
    },
    async release({ projectId, backupId }) {
      if (!(await retention.release({ projectId, backupId }))) {
        const text = `project ${projectId} has no hold on backup ${backupId}; there is nothing to release`;
        throw new HoldRefused('unheld', text);
      }
      log.info('hold.released', { backup: backupId, project: projectId });
    },
    async undo({ projectId, backupId, owner, note }) {
      const untilUtc = clock.nowUtc() + UNDO_HOLD_MS;
      const hold = { owner, note, untilUtc };
      checkHold(hold, clock.nowUtc());
      const outcome = await retention.undo({ projectId, backupId }, hold, clock.nowUtc());
      if (outcome === 'going') throw tooLate(backupId);
      if (outcome === 'unmarked') {
        const text = `backup ${backupId} of project ${projectId} is not marked to go; to keep it beyond its policy, hold it`;
        throw new HoldRefused('unmarked', text);
      }
      const reason = because('wanted-again', { by: because('kept-held', hold) });
      log.info('prune.lifted', { backup: backupId, project: projectId, because: reason });
      return untilUtc;
    },
  };
}
