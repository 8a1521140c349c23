import { refusal } from '../refusals/index.ts';
import type { Caller } from './caller.ts';

/** As `scopeQuery` reads it. */
export interface ScopeQuery {
  readonly all_projects: boolean;
  readonly project_id?: string | undefined;
}

/** Whose rows are asked for; null: of all projects. @throws ApiError 403 where that is for admins, and he is none */
export function scopeOf({ isAdmin, projectId }: Caller, query: ScopeQuery): string | null {
  const { all_projects: all, project_id: other } = query;
  if (!all && (other === undefined || other === projectId)) return projectId;
  if (isAdmin) return all ? null : (other ?? projectId);
  throw refusal('forbidden-elsewhere', {});
}
