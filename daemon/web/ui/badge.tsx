import type { InstanceRow } from '../../http/contract/instance.ts';
import type { RunView } from '../../http/contract/run.ts';
import { say } from '../i18n/language.ts';
import { Icon, type IconName } from './icon.tsx';

export type ProtectionState = InstanceRow['protection']['state'];
export type RunState = RunView['state'];
export const PROTECTION_ORDER = ['unprotected', 'late', 'paused', 'excluded', 'protected'] as const;

/** Told by an icon and a word; the colour only helps. */
export function StateBadge({ state }: { readonly state: ProtectionState }) {
  return (
    <span class={`badge ${state}`}>
      <Icon name={state} />
      {say.value.states.protection[state]}
    </span>
  );
}

const RUN_LOOKS: Readonly<Record<RunState, readonly [icon: IconName, tone: string]>> = {
  claimed: ['running', 'paused'],
  intent: ['running', 'paused'],
  running: ['running', 'paused'],
  unknown: ['late', 'late'],
  completed: ['ok', 'protected'],
  credited: ['ok', 'protected'],
  failed: ['unprotected', 'unprotected'],
  skipped: ['excluded', 'excluded'],
  missed: ['late', 'late'],
  expired: ['late', 'late'],
  aborted: ['excluded', 'excluded'],
};

export function RunBadge({ state }: { readonly state: RunState }) {
  const [icon, tone] = RUN_LOOKS[state];
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon} />
      {say.value.states.run[state]}
    </span>
  );
}
