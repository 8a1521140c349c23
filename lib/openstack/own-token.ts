import { z } from 'zod';
import { type Secret, secretOf } from './auth.ts';
import { type Call, startCall } from './call.ts';
import { assertOk } from './fault.ts';
import { createHttp, type HttpAnswer, type HttpRequest } from './http.ts';
import { retrying } from './retry.ts';
import type { CallOptions, KeystoneEndpoint } from './types.ts';
import { identityUrl } from './url.ts';
import { parseBody } from './validate.ts';

/** What anybody may do with a token that he holds, whatever it is of. */
export interface OwnToken {
  /**
   * The enabled projects in which its user has a role; of an application credential all that its user has, though it opens
   * its own alone. (Keystone: keystone/api/auth.py AuthProjectsResource)
   */
  projects(call?: CallOptions): Promise<readonly OwnProject[]>;
  /**
   * Ends it, and none of those that came from it or that it came from. One that is none any more is no error.
   * (Keystone: keystone/api/auth.py AuthTokenResource.delete)
   */
  revoke(call?: CallOptions): Promise<void>;
}

export interface OwnProject {
  readonly id: string;
  readonly name: string;
}

const projectsBody = z.object({
  projects: z.array(z.object({ id: z.string(), name: z.string(), enabled: z.boolean() })),
});

export function createOwnToken(token: Secret, options: KeystoneEndpoint): OwnToken {
  const http = createHttp(options);
  const { now = Date.now, sleep } = options;
  const base = identityUrl(options.authUrl);

  function send(method: HttpRequest['method'], path: string, call: Call): Promise<HttpAnswer> {
    const id = secretOf({ method: 'token', token });
    const headers = { 'x-auth-token': id, ...(method === 'DELETE' && { 'x-subject-token': id }) };
    return http.send({ service: 'identity', method, url: base + path, headers, secrets: [id] }, call);
  }

  return {
    async projects(limits) {
      const call = startCall(limits);
      const answer = await retrying(call, { sleep }, async () => {
        const got = await send('GET', '/auth/projects', call);
        assertOk(got, now());
        return got;
      });
      const { projects } = parseBody(answer, projectsBody);
      return projects.filter(({ enabled }) => enabled).map(({ id, name }) => ({ id, name }));
    },
    async revoke(limits) {
      const call = startCall(limits);
      // Ending it twice does no harm, so it is tried again as a read is.
      await retrying(call, { sleep }, async () => {
        const answer = await send('DELETE', '/auth/tokens', call);
        if (answer.status !== 401 && answer.status !== 404) assertOk(answer, now());
      });
    },
  };
}
