import type { EventView } from '../../../http/contract/overview.ts';

/** Whether news are about an instance, or about all of them. */
export const about =
  (instanceId: string) =>
  (news: EventView): boolean =>
    news.instance_id === null || news.instance_id === instanceId;
