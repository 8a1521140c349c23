import {
  agedUntil,
  asOfUtc,
  type Backup,
  isManaged,
  type OwnedBackup,
  whyNotRestorable,
} from '../../lib/core/index.ts';
import type { ExplainPort } from '../ports/explain.ts';
import type { Inspect, Judgement } from '../ports/inspect.ts';
import type { Marked, MarksPort } from '../ports/marks.ts';
import type { PrunePort } from '../ports/prune.ts';
import type { StandstillPort } from '../ports/standstills.ts';
import { type BackupsDeps, withOwners } from './backups.ts';
import { createRetention, type RetentionDeps } from './retention.ts';
import { untended } from './untended.ts';

export interface InspectDeps extends RetentionDeps, Pick<BackupsDeps, 'ledger' | 'identity' | 'storeBornUtc'> {
  readonly marks: MarksPort;
  readonly pruning: PrunePort;
  readonly explaining: ExplainPort;
  readonly standstills: StandstillPort;
}

const asOf = (backup: OwnedBackup): number => (isManaged(backup) ? asOfUtc(backup) : backup.createdUtc);

/** What there is to say of backups that somebody looks at; nothing of it is noted. */
export function createInspect(deps: InspectDeps): Inspect {
  const { marks, pruning, explaining, standstills, clock, settings } = deps;
  const retention = createRetention(deps);

  function viewMark({ markedUtc, because, standstills: stood }: Marked): Judgement['mark'] {
    const nowUtc = clock.nowUtc();
    return { markedUtc, because, goesUtc: Math.max(nowUtc, agedUntil(markedUtc, settings().graceMs, stood, nowUtc)) };
  }

  return {
    async project<B extends Backup>(projectId: string, backups: readonly B[]) {
      const owned = await withOwners(deps, backups);
      const byId = new Map(backups.map((backup) => [backup.id, backup]));
      const going = await pruning.going(projectId);
      const holds = new Map((await marks.holds(projectId, clock.nowUtc())).map((hold) => [hold.backupId, hold]));
      return backups.map((row, index) => {
        const backup = { ...row, ownership: owned[index]?.ownership ?? { kind: 'foreign' as const } };
        return {
          backup,
          asOfUtc: asOf(backup),
          unusable: whyNotRestorable(row, byId, going),
          hold: holds.get(row.id) ?? null,
          isGoing: going.has(row.id),
        };
      });
    },
    async judge({ instanceId, projectId }, inspected) {
      const all = inspected.map(({ backup }) => backup);
      const own = all.filter((backup) => backup.instanceId === instanceId);
      const elsewhere = all.filter((backup) => backup.instanceId !== instanceId);
      const decision = await retention.decide({ instanceId, projectId }, own, elsewhere);
      const marked = new Map((await marks.marksOf(instanceId, clock.nowUtc())).map((mark) => [mark.backupId, mark]));
      const ids = new Set([...(decision?.fates.keys() ?? []), ...marked.keys()]);
      const judgementOf = (id: string): Judgement => {
        const mark = marked.get(id);
        return { fate: decision?.fates.get(id) ?? null, mark: mark ? viewMark(mark) : null };
      };
      const known = decision ? null : await explaining.explainable(instanceId);
      return {
        backups: new Map([...ids].map((id) => [id, judgementOf(id)])),
        untended: decision ? null : await untended(standstills, instanceId, known, clock.nowUtc()),
      };
    },
  };
}
