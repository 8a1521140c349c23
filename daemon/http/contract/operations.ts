import type { z } from 'zod';
import type {
  backupsSchema,
  deletionAnswer,
  deletionQuery,
  holdAnswer,
  holdBody,
  prunesSchema,
  restoreAnswer,
  restoreBody,
  restoreChoicesAnswer,
  undoAnswer,
} from './backup.ts';
import type { scopeQuery } from './common.ts';
import type { instanceAnswer, instancesQuery, instancesSchema } from './instance.ts';
import type { auditQuery, auditSchema, overviewQuery, overviewSchema, regionSchema } from './overview.ts';
import type { policiesSchema, policyAnswer, policyBody, policyPreviewBody } from './policy.ts';
import type { backUpNowBody, explainAnswer, explainQuery, runAnswer, runsQuery, runsSchema } from './run.ts';
import type { dryRunQuery, previewAnswer, scheduleAnswer, schedulePatch, slotsAnswer } from './schedule.ts';
import type { sessionAnswer, signInBody, switchBody } from './session.ts';

type Scope = z.ZodObject<typeof scopeQuery>;
type One = z.ZodObject<Pick<typeof scopeQuery, 'project_id'>>;
type Dry = z.ZodObject<(typeof dryRunQuery)['shape'] & typeof scopeQuery>;
interface Operation<Answer, Query extends z.ZodType | null = null, Body extends z.ZodType | null = null> {
  readonly answer: Answer extends z.ZodType ? z.output<Answer> : null;
  readonly query: Query extends z.ZodType ? keyof z.input<Query> : never;
  readonly body: Body extends z.ZodType ? z.input<Body> : null;
}

/** What the page asks for: types alone, so that none of the schemas reach a browser. */
export interface Operations {
  'GET v1/session': Operation<typeof sessionAnswer>;
  'POST v1/session': Operation<typeof sessionAnswer, null, typeof signInBody>;
  'PUT v1/session': Operation<typeof sessionAnswer, null, typeof switchBody>;
  'DELETE v1/session': Operation<null>;
  'GET v1/overview': Operation<typeof overviewSchema, typeof overviewQuery>;
  'GET v1/region': Operation<typeof regionSchema>;
  'GET v1/audit': Operation<typeof auditSchema, typeof auditQuery>;
  'GET v1/instances': Operation<typeof instancesSchema, typeof instancesQuery>;
  'GET v1/instances/{id}': Operation<typeof instanceAnswer, Scope>;
  'GET v1/instances/{id}/schedule': Operation<typeof scheduleAnswer, Scope>;
  'GET v1/instances/{id}/slots': Operation<typeof slotsAnswer, Scope>;
  'PATCH v1/instances/{id}/schedule': Operation<
    typeof scheduleAnswer | typeof previewAnswer,
    Dry,
    typeof schedulePatch
  >;
  'DELETE v1/instances/{id}/schedule': Operation<typeof scheduleAnswer | typeof previewAnswer, Dry>;
  'GET v1/instances/{id}/explain': Operation<typeof explainAnswer, typeof explainQuery>;
  'GET v1/instances/{id}/backups': Operation<typeof backupsSchema, Scope>;
  'POST v1/instances/{id}/runs': Operation<typeof runAnswer, One, typeof backUpNowBody>;
  'GET v1/runs': Operation<typeof runsSchema, typeof runsQuery>;
  'DELETE v1/runs/{id}': Operation<typeof runAnswer, One>;
  'DELETE v1/backups/{id}': Operation<typeof deletionAnswer, typeof deletionQuery>;
  'PUT v1/backups/{id}/hold': Operation<typeof holdAnswer, One, typeof holdBody>;
  'DELETE v1/backups/{id}/hold': Operation<null, One>;
  'GET v1/backups/{id}/restore': Operation<typeof restoreChoicesAnswer>;
  'POST v1/backups/{id}/restore': Operation<typeof restoreAnswer, null, typeof restoreBody>;
  'GET v1/prunes': Operation<typeof prunesSchema, Scope>;
  'DELETE v1/prunes/{id}': Operation<typeof undoAnswer, One>;
  'GET v1/policies': Operation<typeof policiesSchema, Scope>;
  'POST v1/policies': Operation<typeof policyAnswer, null, typeof policyBody>;
  'GET v1/policies/{id}': Operation<typeof policyAnswer>;
  'PUT v1/policies/{id}': Operation<typeof policyAnswer, null, typeof policyBody>;
  'DELETE v1/policies/{id}': Operation<null>;
  'POST v1/policies/preview': Operation<typeof previewAnswer, null, typeof policyPreviewBody>;
}
