import { cloudOfEnvironment } from './environment.ts';
import { CloudConfigError } from './error.ts';
import { type Environment, type FoundFile, findFile } from './files.ts';
import { isSection, mergeAuth, mergeDeep, type Section, sectionAt, textAt, underscored } from './section.ts';

/** One cloud's settings, each from the file or the variable that wins. */
export interface FoundCloud {
  readonly name: string;
  readonly settings: Section;
  /** Where it was found, for messages. */
  readonly where: string;
  /** The last of the files it is merged of; null for the environment. */
  readonly file: string | null;
}

/** (openstacksdk: openstack/config/loader.py OpenStackConfig.__init__, get_one) */
export function findCloud(name: string | undefined, regionName: string | undefined, env: Environment): FoundCloud {
  const files = [
    findFile('clouds', env['OS_CLIENT_CONFIG_FILE'], env),
    findFile('secure', env['OS_CLIENT_SECURE_FILE'], env),
  ].filter((file) => file !== undefined);
  const where = files.map(({ path }) => path).join(' and ') || 'the environment';
  const fromFiles = sectionAt(files.map(({ content }) => content).reduce(mergeDeep, {}), 'clouds', where);

  const ofEnvironment = env['OS_CLOUD_NAME'] || 'envvars';
  const fromEnvironment = cloudOfEnvironment(env);
  if (fromEnvironment && fromFiles[ofEnvironment] !== undefined) {
    const message = `${where} has a cloud "${ofEnvironment}", which is also the environment's; rename one (OS_CLOUD_NAME)`;
    throw new CloudConfigError(message);
  }
  const clouds = fromEnvironment ? { ...fromFiles, [ofEnvironment]: fromEnvironment } : fromFiles;
  const chosen = name ?? (env['OS_CLOUD'] || (fromEnvironment ? ofEnvironment : onlyOne(clouds, where)));
  const cloud = clouds[chosen];
  if (!isSection(cloud)) throw new CloudConfigError(`${where} has no cloud "${chosen}"; ${choices(clouds)}`);

  const place = `cloud "${chosen}" of ${chosen === ofEnvironment ? 'the environment' : where}`;
  const plain = underscored({ ...cloud, auth: sectionAt(cloud, 'auth', place) });
  const profile = textAt(plain, 'profile', 'cloud');
  const base = profile === undefined || profile === ofEnvironment ? {} : profileOf(profile, place, env);
  const known = regionsOf(plain, place) ?? regionsOf(base, place) ?? [];
  const settings = inRegion(mergeAuth(base, plain), known, regionName, place);
  const file = chosen === ofEnvironment && fromEnvironment ? null : (files.at(-1)?.path ?? null);
  return { name: chosen, settings, where: place, file };
}

function onlyOne(clouds: Section, where: string): string {
  const [first, ...others] = Object.keys(clouds);
  if (first === undefined) {
    throw new CloudConfigError(
      'no clouds.yaml and no OS_* variables; write a clouds.yaml, or set OS_AUTH_URL and the rest',
    );
  }
  if (others.length === 0) return first;
  throw new CloudConfigError(`${where} has several clouds; say which one (OS_CLOUD); ${choices(clouds)}`);
}

const choices = (clouds: Section): string => `it has ${Object.keys(clouds).sort().join(', ') || 'none'}`;

/** openstacksdk brings profiles of public providers along; those are not known here. */
function profileOf(name: string, where: string, env: Environment): Section {
  const file: FoundFile | undefined = findFile('clouds-public', undefined, env);
  const profiles = file ? sectionAt(file.content, 'public-clouds', file.path) : {};
  const profile = profiles[name];
  if (isSection(profile)) return underscored(profile);
  const next = 'add it to clouds-public.yaml, or write its auth_url into the cloud';
  throw new CloudConfigError(
    `${where}: profile "${name}" is not in ${file?.path ?? 'any clouds-public.yaml'}; ${next}`,
  );
}

interface Region {
  readonly name: string;
  readonly values: Section;
}

/** Without a choice the first of `regions`. (openstack/config/loader.py _get_region) */
function inRegion(cloud: Section, known: readonly Region[], wanted: string | undefined, where: string): Section {
  const region = wanted === undefined ? known[0] : known.find(({ name }) => name === wanted);
  if (region === undefined && wanted !== undefined && known.length > 0) {
    const names = known.map(({ name }) => name).join(', ');
    throw new CloudConfigError(`${where} has no region "${wanted}"; it has ${names}, and case matters`);
  }
  return { ...mergeAuth(cloud, region?.values ?? {}), region_name: region?.name ?? wanted };
}

function regionsOf({ regions, region_name: names }: Section, where: string): readonly Region[] | undefined {
  const listed = regions ?? (typeof names === 'string' ? names.split(',') : names);
  if (listed === undefined || listed === null || listed === '') return undefined;
  if (!Array.isArray(listed)) throw new CloudConfigError(`${where}: regions must be a list`);
  return listed.map((region: unknown): Region => {
    if (typeof region === 'string') return { name: region, values: {} };
    const name = isSection(region) ? textAt(region, 'name') : undefined;
    if (!isSection(region) || name === undefined) {
      throw new CloudConfigError(`${where}: a region is a name, or a block with "name" and "values"`);
    }
    return { name, values: underscored(sectionAt(region, 'values', where)) };
  });
}
