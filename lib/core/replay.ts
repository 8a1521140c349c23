import { canonical, revive } from './canonical.ts';
import { InvalidInput } from './errors.ts';
import type { Instant } from './model.ts';
import { DECISION_KINDS, type DecisionKind, decideAnew } from './record.ts';

const FORMAT = 'trove-autobackup/decisions/1';

/** Decisions of a day with all that they were made of; what many share is there once, by its digest. */
export interface DecisionsDocument {
  readonly format: typeof FORMAT;
  readonly dayUtc: string;
  readonly decisions: readonly StoredDecision[];
  /** Policies and lists of backups by the digest of their text. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface StoredDecision {
  readonly kind: DecisionKind;
  readonly instanceId: string;
  readonly projectId: string;
  readonly atUtc: Instant;
  /** SHA-256 of all that it was made of. */
  readonly digest: string;
  readonly facts: unknown;
  /** Digests, into `inputs`. */
  readonly policy: string;
  readonly backups: string;
  readonly outcome: unknown;
}

/** A stored decision that would be another now. */
export interface Difference extends Pick<StoredDecision, 'kind' | 'instanceId' | 'atUtc'> {
  readonly stored: unknown;
  /** What is decided now; or the fault that came of it. */
  readonly now: unknown;
}

export interface Replayed {
  readonly decisions: number;
  readonly differences: readonly Difference[];
}

export const documentOf = (
  dayUtc: string,
  decisions: readonly StoredDecision[],
  inputs: Readonly<Record<string, unknown>>,
): DecisionsDocument => ({ format: FORMAT, dayUtc, decisions, inputs });

function input({ facts, policy, backups }: StoredDecision, inputs: DecisionsDocument['inputs']): unknown {
  const lists = inputs[backups];
  if (inputs[policy] === undefined || typeof lists !== 'object' || lists === null) {
    throw new InvalidInput(
      `lacks ${inputs[policy] === undefined ? policy : backups} in "inputs"; export the day again`,
    );
  }
  return revive({ ...(facts as object), policy: inputs[policy], ...lists });
}

/**
 * Decides anew all that a document holds, and compares.
 * @param decide for a test that looks whether a difference is seen
 * @throws InvalidInput for what is no such document, or lacks an input
 */
export function replay(document: DecisionsDocument, decide: typeof decideAnew = decideAnew): Replayed {
  if (document?.format !== FORMAT || !Array.isArray(document.decisions)) {
    throw new InvalidInput(`is no "${FORMAT}"; replay takes what an export of this release or an older one wrote`);
  }
  const differences = document.decisions.flatMap((stored): readonly Difference[] => {
    const { kind, instanceId, atUtc, outcome } = stored;
    if (!DECISION_KINDS.includes(kind))
      throw new InvalidInput(`has a decision of the kind "${kind}", which is unknown`);
    const given = input(stored, document.inputs);
    const differs = (now: unknown): Difference => ({ kind, instanceId, atUtc, stored: outcome, now });
    try {
      const now = canonical(decide(kind, given));
      return now === canonical(outcome) ? [] : [differs(JSON.parse(now))];
    } catch (error) {
      return [differs({ fault: String(error) })];
    }
  });
  return { decisions: document.decisions.length, differences };
}
