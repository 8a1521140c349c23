import { useEffect, useState } from 'preact/hooks';
import type { ScheduleView, SlotToCome } from '../../../http/contract/schedule.ts';
import { call } from '../../api/client.ts';
import { everywhere } from '../../app/session.ts';
import { language } from '../../i18n/language.ts';

const NONE: readonly SlotToCome[] = [];

/** The next slots as things are. */
export function useSlots(schedule: ScheduleView | null, readAt: number | null): readonly SlotToCome[] {
  const [slots, setSlots] = useState(NONE);
  const id = schedule?.instance_id ?? null;
  const tag = language.value;
  const query = everywhere.value;
  useEffect(() => {
    if (id === null) return;
    const ending = new AbortController();
    void call('GET v1/instances/{id}/slots', { id, query, signal: ending.signal }).then((answer) => {
      if (answer.ok && !ending.signal.aborted) setSlots(answer.value.slots);
    });
    return () => ending.abort();
  }, [id, readAt, tag, query]);
  return slots;
}
