import type { Config } from '../config/schema.ts';
import type { Engine } from '../engine/index.ts';
import { type ApiServer, listenApi } from '../http/api/listen.ts';
import { createRates } from '../http/api/rates.ts';
import { createApi, type Routes } from '../http/api/server.ts';
import { createAuthenticator } from '../http/auth/authenticator.ts';
import { createKnownTokens } from '../http/auth/known-tokens.ts';
import { createProjectNames } from '../http/project-names.ts';
import type { Reads } from '../http/reads.ts';
import { auditRoutes } from '../http/routes/audit.ts';
import { backupRoutes } from '../http/routes/backups.ts';
import { deletionRoutes } from '../http/routes/deletion.ts';
import { demandRoutes } from '../http/routes/demands.ts';
import { explainRoutes } from '../http/routes/explain.ts';
import { holdRoutes } from '../http/routes/holds.ts';
import { instanceRoutes } from '../http/routes/instances.ts';
import { openApiRoutes } from '../http/routes/openapi.ts';
import { overviewRoutes } from '../http/routes/overview.ts';
import { pageRoutes } from '../http/routes/page.ts';
import { policyRoutes } from '../http/routes/policies.ts';
import { pruneRoutes } from '../http/routes/prunes.ts';
import { restoreRoutes } from '../http/routes/restore.ts';
import { runRoutes } from '../http/routes/runs.ts';
import { scheduleRoutes } from '../http/routes/schedule.ts';
import { slotRoutes } from '../http/routes/slots.ts';
import { sharing } from '../http/sharing.ts';
import { loadPage } from '../http/static/page.ts';
import type { HealthOfPart } from '../http/views/overview.ts';
import type { AuditPort } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventsPort } from '../ports/events.ts';
import type { Explain, ExplainPort } from '../ports/explain.ts';
import type { Log } from '../ports/log.ts';
import type { MarksPort } from '../ports/marks.ts';
import type { PoliciesPort } from '../ports/policies.ts';
import type { RestoresPort } from '../ports/restores.ts';
import type { SchedulesPort } from '../ports/schedules.ts';
import type { Live } from './live.ts';
import { readsOf } from './reads.ts';
import { buildSessions } from './sessions.ts';

export interface ApiParts {
  readonly live: Pick<Live, 'identity' | 'projects' | 'http' | 'endpoint' | 'cloud' | 'callerCloud' | 'settings'>;
  readonly holds: Engine['holds'];
  readonly inspect: Engine['inspect'];
  readonly onDemand: Engine['onDemand'];
  readonly projectWork: Engine['projectWork'];
  readonly marks: MarksPort;
  readonly audit: AuditPort;
  readonly restores: RestoresPort;
  readonly reads: Reads;
  readonly explain: Explain;
  readonly explaining: Pick<ExplainPort, 'explainable'>;
  /** How the parts of the daemon are. */
  readonly health: () => readonly HealthOfPart[];
  readonly schedules: SchedulesPort;
  readonly policies: PoliciesPort;
  readonly events: EventsPort;
  readonly pageFolder: string | undefined;
  readonly clock: Clock;
  /** Sessions end by it: who looks at a demo lives no faster than its machine. */
  readonly peopleClock: Clock;
  readonly log: Log;
}

export interface ApiHandle extends ApiServer {
  /** Runs as long as the service: ends what is over. */
  readonly tidy: (signal: AbortSignal) => Promise<void>;
}

/** Every route of the resources, each with what it needs. */
export function apiRoutes(parts: ApiParts): readonly Routes[] {
  const { cloud, callerCloud, settings } = parts.live;
  const projectNames = createProjectNames(parts.live.projects, parts.clock, parts.log);
  const inCloud = { ...parts, cloud, callerCloud, graceMs: () => settings().graceMs };
  return [
    openApiRoutes,
    auditRoutes(parts),
    explainRoutes(parts),
    instanceRoutes(parts),
    overviewRoutes({ ...parts, projectNames }),
    policyRoutes(parts),
    runRoutes(parts),
    scheduleRoutes(parts),
    slotRoutes(parts),
    backupRoutes(inCloud),
    holdRoutes(inCloud),
    pruneRoutes(inCloud),
    deletionRoutes(inCloud),
    restoreRoutes(inCloud),
    demandRoutes(inCloud),
  ];
}

/** The web service of tenants; null where it is not wanted. @throws ExitError 78 where its address cannot be had */
export async function startApi(
  { http: { listen }, store: { path } }: Pick<Config, 'http' | 'store'>,
  given: Omit<ApiParts, 'reads'>,
): Promise<ApiHandle | null> {
  if (listen === null) return null;
  const page = await loadPage(given.pageFolder);
  const store = readsOf(path);
  const reads = sharing(store, given.events, given.clock);
  const parts = { ...given, reads };
  const { live, clock, log } = parts;
  const { connections, trusted_proxies: trustedProxies } = live.http();
  const tokens = createAuthenticator({
    known: createKnownTokens(live.identity, clock),
    settings: () => {
      const { admin_roles: adminRoles, admin_projects: adminProjects, rules } = live.http();
      return { adminRoles, adminProjects, rules };
    },
    guesses: createRates(() => live.http().rates.guesses_per_minute, clock),
    log,
  });
  const sessions = buildSessions({ ...parts, clock: parts.peopleClock, tokens });
  const api = createApi({
    authenticate: sessions.door.authenticate,
    projectRate: createRates(() => live.http().rates.project_per_minute, clock),
    projectAtOnce: () => live.http().rates.project_at_once,
    limits: { connections, trustedProxies },
    origins: () => live.http().cors_origins,
    log,
    routes: [...apiRoutes(parts), ...sessions.routes, pageRoutes(page)],
  });
  // What is told relative to now is reckoned by the service's clock, which in a demo is not the machine's.
  api.addHook(
    'onRequest',
    async (_request, reply) => void reply.header('date', new Date(clock.nowUtc()).toUTCString()),
  );
  api.addHook('onClose', async () => {
    reads.close();
    store.close();
  });
  const { address, operations, close } = await listenApi(api, listen);
  return {
    address,
    operations,
    tidy: sessions.tidy,
    async close() {
      sessions.endAll();
      await close();
      await sessions.leave();
    },
  };
}
