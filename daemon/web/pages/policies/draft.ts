import type { PolicyChange, PolicyView } from '../../../http/contract/policy.ts';
import { draftOf, type OverridesDraft } from '../../schedule/draft.ts';
import { isZone, type Problems, UNBOUND, write } from '../../schedule/written.ts';

/** A policy as somebody types it: each list is a text of lines. */
export interface PolicyDraft {
  readonly name: string;
  readonly names: string;
  readonly datastores: string;
  readonly overrides: OverridesDraft;
}

export const NEW: PolicyDraft = { name: '', names: '', datastores: '', overrides: draftOf({}) };

export const policyDraftOf = ({ name, select, overrides }: PolicyView): PolicyDraft => ({
  name,
  names: select.names.join('\n'),
  datastores: select.datastores.join('\n'),
  overrides: draftOf(overrides ?? {}),
});

/** One a line; blank lines and spaces around say nothing, and twice says no more than once. */
export const linesOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
];

export const isName = (name: string): boolean => /^[\w.-]{1,64}$/.test(name);

/** As the API takes it; null where something is to be mended first. */
export function bodyOf(draft: PolicyDraft): { readonly body: PolicyChange | null; readonly problems: Problems } {
  const { overrides, problems } = write(draft.overrides, UNBOUND, isZone);
  const name = draft.name.trim();
  const isWhole = Object.keys(problems).length === 0 && isName(name);
  const select = { names: [...linesOf(draft.names)], datastores: [...linesOf(draft.datastores)] };
  return { body: isWhole ? { name, select, overrides } : null, problems };
}
