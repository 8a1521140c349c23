import { useEffect, useState } from 'preact/hooks';
import type { SlotToCome } from '../../../http/contract/schedule.ts';
import { useResource } from '../../api/resource.ts';
import type { PageProps } from '../../app/pages.tsx';
import { everywhere, shownProject } from '../../app/session.ts';
import { say } from '../../i18n/language.ts';
import { FailureNote, Skeleton } from '../../ui/index.ts';
import type { Action } from './action.ts';
import { ChainsSection } from './chains/section.tsx';
import { Deed } from './deed.tsx';
import { ExplainForm } from './explain.tsx';
import { Head } from './head.tsx';
import { History } from './history.tsx';
import { about } from './news.ts';
import { ScheduleSection } from './schedule/section.tsx';
import { useSlots } from './slots.ts';

export function InstancePage({ route }: PageProps) {
  const id = route.path[1] ?? '';
  return <Instance key={id} id={id} />;
}

const NONE: readonly never[] = [];

function Instance({ id }: { readonly id: string }) {
  const concerns = about(id);
  const wish = { id, query: everywhere.value };
  const detail = useResource('GET v1/instances/{id}', wish, concerns);
  const scheduled = useResource('GET v1/instances/{id}/schedule', wish, concerns);
  const backups = useResource('GET v1/instances/{id}/backups', wish, concerns);
  const [action, act] = useState<Action | null>(null);
  const schedule = scheduled.value?.schedule ?? null;
  const slots: readonly SlotToCome[] = useSlots(schedule, scheduled.readAt);
  const refresh = (): void => {
    detail.refresh();
    scheduled.refresh();
    backups.refresh();
  };
  const instance = detail.value?.instance;
  const projectId = instance?.project_id ?? null;
  useEffect(() => {
    shownProject.value = projectId;
    return () => {
      shownProject.value = null;
    };
  }, [projectId]);
  if (!instance) {
    return detail.failure ? <FailureNote failure={detail.failure} onRetry={detail.refresh} /> : <Skeleton lines={6} />;
  }
  const all = backups.value?.backups ?? NONE;
  return (
    <div class="instance">
      <Head instance={instance} act={act} />
      {detail.failure && <FailureNote failure={detail.failure} onRetry={detail.refresh} />}
      {backups.failure && <FailureNote failure={backups.failure} onRetry={backups.refresh} />}
      {backups.value ? (
        <ChainsSection
          instanceId={id}
          backups={all}
          chains={backups.value.chains}
          slots={slots}
          untended={backups.value.untended}
          unreadable={backups.value.unreadable}
          within={schedule?.values.keep?.within ?? null}
          act={act}
        />
      ) : (
        !backups.failure && <Skeleton lines={5} />
      )}
      <div class="columns">
        <ScheduleSection {...{ schedule, slots, act, refresh }} etag={scheduled.etag} />
        <ExplainForm act={act} />
      </div>
      <History instanceId={id} act={act} />
      {action && (
        <Deed
          {...{ action, instance, schedule, etag: scheduled.etag, backups: all, onDone: refresh }}
          onClose={() => act(null)}
        />
      )}
      <p class="unseen" role="status">
        {detail.loading ? say.value.ui.loading : ''}
      </p>
    </div>
  );
}
