import type { RuleName } from '../../../lib/core/index.ts';
import type { OverviewView } from '../contract/overview.ts';

type Action = OverviewView['attention'][number]['action'];

/** What mends that an instance is late or unprotected, by the rule that says why. What has no row is mended by a backup now. */
const ACTIONS: Partial<Readonly<Record<RuleName, Action>>> = {
  quota: 'raise-quota',
  'quota-short': 'raise-quota',
  'quota-holds-older': 'raise-quota',
  'quota-refused': 'raise-quota',
  'no-role': 'grant-role',
  'no-trust': 'grant-role',
  unauthorized: 'grant-role',
  'backup-stuck': 'look-at-trove',
  'backup-failed': 'look-at-trove',
  'backing-off': 'look-at-trove',
  'outcome-unknown': 'look-at-trove',
  'owner-conflict': 'look-at-trove',
  'instance-busy': 'look-at-trove',
  'storage-away': 'look-at-trove',
  'not-found': 'look-at-trove',
  refused: 'look-at-trove',
  'policy-unusable': 'look-at-trove',
  paused: 'resume',
  'first-not-due': 'wait',
  'under-way': 'wait',
  'backup-running': 'wait',
  'cap-reached': 'wait',
  'rate-limited': 'wait',
  'no-answer-yet': 'wait',
  'answer-lost': 'wait',
  restarted: 'wait',
  unreachable: 'wait',
  busy: 'wait',
  observing: 'wait',
  frozen: 'wait',
};

export const actionFor = (rule: RuleName): Action => ACTIONS[rule] ?? 'back-up-now';
