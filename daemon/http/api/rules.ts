/**
 * What may be done, and by whom. Each route names its rule; one without does not start. An operator's `policy.yaml` may
 * name other roles.
 */
export const RULES = {
  'instance:read': ['reader', 'member', 'admin'],
  'schedule:read': ['reader', 'member', 'admin'],
  'schedule:change': ['member', 'admin'],
  'run:read': ['reader', 'member', 'admin'],
  'run:create': ['member', 'admin'],
  'run:cancel': ['member', 'admin'],
  'backup:read': ['reader', 'member', 'admin'],
  'backup:delete': ['member', 'admin'],
  'backup:hold': ['member', 'admin'],
  'backup:restore': ['member', 'admin'],
  'prune:undo': ['member', 'admin'],
  'policy:read': ['reader', 'member', 'admin'],
  'policy:change': ['member', 'admin'],
  'policy:preview': ['reader', 'member', 'admin'],
  'overview:read': ['reader', 'member', 'admin'],
  'event:read': ['reader', 'member', 'admin'],
  'audit:read': ['reader', 'member', 'admin'],
  /** Of all projects at once: `isAdmin` must hold besides. */
  'region:read': ['admin'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Rule = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as readonly Rule[];

/** Who may do what, as it is now. */
export type RuleTable = Readonly<Record<Rule, readonly string[]>>;
