import { readFileSync } from 'node:fs';
import { closestMatch } from 'leven';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { RULE_NAMES, RULES, type Rule, type RuleTable } from '../http/api/rules.ts';

const rolesSchema = z.array(z.string().min(1).max(255)).max(100);
const fileSchema = z.record(z.string(), z.unknown());

/** The table of rules, with the roles that the operator's file names in place of its own; each fault is an issue by its rule. */
export function readRules(file: string | null, context: z.RefinementCtx): RuleTable {
  if (file === null) return RULES;
  const refuse = (message: string): void => {
    context.addIssue({ code: 'custom', path: ['policy_file'], message: `${file}: ${message}` });
  };
  const given = fileSchema.safeParse(contentOf(file, refuse) ?? {});
  if (!given.success) refuse('holds no rules; write each as a line such as backup:delete: [admin]');
  return {
    ...RULES,
    ...Object.fromEntries(Object.entries(given.data ?? {}).flatMap(([name, roles]) => rule(name, roles, refuse))),
  };
}

type Refuse = (message: string) => void;

function rule(name: string, given: unknown, refuse: Refuse): readonly (readonly [Rule, readonly string[]])[] {
  const found = RULE_NAMES.find((known) => known === name);
  const roles = rolesSchema.safeParse(given);
  if (found === undefined) {
    const near = closestMatch(name, RULE_NAMES, { maxDistance: Math.max(2, Math.floor(name.length / 3)) });
    refuse(
      `unknown rule ${JSON.stringify(name.slice(0, 60))}; ${near ? `did you mean ${near}?` : `there are ${RULE_NAMES.join(', ')}`}`,
    );
  } else if (!roles.success) {
    refuse(`${name} must be a list of roles such as [member, admin]; an empty one lets nobody`);
  } else {
    return [[found, roles.data]];
  }
  return [];
}

function contentOf(file: string, refuse: Refuse): unknown {
  try {
    return parse(readFileSync(file, 'utf8'), { logLevel: 'error' });
  } catch (error) {
    if (error instanceof YAMLParseError) {
      const [at] = error.linePos ?? [];
      refuse(`is not YAML (${error.code} at line ${at?.line}, column ${at?.col}); check quotes and indentation there`);
    } else {
      const { code = 'no alias of that name' } = error as NodeJS.ErrnoException;
      refuse(`cannot be read (${code}); check the path, and that the daemon's user may read it`);
    }
    return undefined;
  }
}
