import type { ChangeKind, EventsPort } from '../../ports/events.ts';
import type { Rule } from '../api/rules.ts';
import type { Api } from '../api/server.ts';

/** What a route that is let in by the rule changes. */
const CHANGES: Partial<Record<Rule, ChangeKind>> = {
  'schedule:change': 'schedule',
  'run:create': 'run',
  'run:cancel': 'run',
  'backup:delete': 'backup',
  'backup:hold': 'backup',
  'backup:restore': 'instance',
  'prune:undo': 'backup',
  'policy:change': 'policy',
};

const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS']);
const OF_INSTANCE = '/v1/instances/:id';

/** Tells the others what a request has changed, once it was answered well. */
export function tellWhatIsWritten(api: Api, events: Pick<EventsPort, 'tell'>): void {
  api.addHook('onResponse', async (request, { statusCode }) => {
    const { config, url = '' } = request.routeOptions;
    const kind = config.rule === undefined || config.rule === 'public' ? undefined : CHANGES[config.rule];
    if (kind === undefined || HARMLESS.has(request.method) || statusCode >= 300 || isDryRun(request.query)) return;
    const { id } = request.params as { readonly id?: string };
    const { isAdmin, projectId } = request.caller;
    // What an admin changes may be another project's: then nobody is told of which.
    if (isAdmin) events.tell({ kind, projectId: null, instanceId: null });
    else events.tell({ kind, projectId, instanceId: url.startsWith(OF_INSTANCE) ? (id ?? null) : null });
  });
}

const isDryRun = (query: unknown): boolean => (query as { readonly dry_run?: unknown }).dry_run === true;
