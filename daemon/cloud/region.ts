import type { Instance } from '../../lib/core/index.ts';
import { OpenStackError, type Projects, type RegionClient, type Scope } from '../../lib/openstack/index.ts';
import type { OnOdd } from '../ports/cloud.ts';
import { toInstance } from './convert.ts';
import { listing } from './odd.ts';
import type { Read } from './read.ts';
import type { Tenants } from './tenants.ts';

/** More instances are read project by project: what one answer holds is held in memory, many times over. */
const MOST_AT_ONCE = 5_000;
const MOST_BYTES = 6 * 2 ** 20;
const BATCH = 500;

export interface RegionReaderOptions {
  readonly projects: Projects;
  readonly tenants: Tenants;
  readonly region: RegionClient;
  readonly home: Scope;
  readonly read: Read;
  readonly mostAtOnce?: number | undefined;
}

/** Trove 18 makes the whole of a list before it sends a byte: one of all projects that takes too long is too long. */
const isTooMuch = ({ code }: OpenStackError, projectId: string | undefined): boolean =>
  code === 'too-large' || (code === 'timeout' && projectId === undefined);

type Pages = AsyncGenerator<readonly Instance[], void>;

/** All instances of the region in pages, in one list where that is small enough, or else project by project. */
export function createRegionReader(options: RegionReaderOptions): (signal: AbortSignal, onOdd?: OnOdd) => Pages {
  const { projects, tenants, region, home, read, mostAtOnce: atMost = MOST_AT_ONCE } = options;
  /** Not tried as a whole each time: Trove 18 makes the whole list, all servers looked up, before it is cut off here. */
  let isLarge = false;

  /** null: too large to be read at once. */
  async function list(
    projectId: string | undefined,
    signal: AbortSignal,
    onOdd: OnOdd | undefined,
  ): Promise<readonly Instance[] | null> {
    return read(
      '',
      async (call) => {
        try {
          const limited = { ...listing(call, 'instance', onOdd), maxBodyBytes: MOST_BYTES };
          return (await region.instances({ projectId, atMost }, limited)).items.map(toInstance);
        } catch (error) {
          if (error instanceof OpenStackError && isTooMuch(error, projectId)) return null;
          throw error;
        }
      },
      signal,
    );
  }

  /**
   * The project's own list has pages in every Trove, of twenty. What a project holds that lets us not in, and is too large
   * for a list as admin, stays unknown, and so the whole look fails.
   */
  async function* walk(projectId: string, signal: AbortSignal, onOdd: OnOdd | undefined): Pages {
    const open = () =>
      tenants.within(projectId, signal, async ({ instances }) => {
        const rows = instances.list(listing({ signal }, 'instance', onOdd));
        return { rows, first: await rows.next() };
      });
    const { rows, first } = await read(projectId, open, signal);
    let next = first;
    while (next.done !== true) {
      const batch: Instance[] = [];
      const fill = async () => {
        for (; next.done !== true && batch.length < BATCH; next = await rows.next()) batch.push(toInstance(next.value));
      };
      await read(projectId, fill, signal);
      yield batch;
    }
  }

  async function* byProject(signal: AbortSignal, onOdd: OnOdd | undefined): Pages {
    let seen = 0;
    for (const { id } of await read('', (call) => projects.all(home, call), signal)) {
      const own = await list(id, signal, onOdd);
      for await (const page of own === null ? walk(id, signal, onOdd) : [own]) {
        seen += page.length;
        yield page;
      }
    }
    isLarge = seen > atMost / 2;
  }

  return async function* pages(signal, onOdd) {
    await read('', () => tenants.refresh(signal), signal);
    const all = isLarge ? null : await list(undefined, signal, onOdd);
    isLarge = all === null;
    if (all === null) yield* byProject(signal, onOdd);
    else yield all;
  };
}
