import type { Reason, RuleName, Rules } from '../reason.ts';

/** One sentence a rule, in one language; `tell` gives the sentence of a reason within a reason. */
export type Catalogue = {
  readonly [R in RuleName]: (params: Rules[R], tell: (reason: Reason) => string) => string;
};
