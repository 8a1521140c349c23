import { type Ids, seededIds } from './random.ts';
import type { DatastoreVersion } from './rows.ts';
import { TroveFault } from './wire.ts';

const FURTHER_SEED = 18;

/** The datastores of the region; the first version of each type is its default. */
export class Datastores {
  readonly #versions: DatastoreVersion[] = [];
  #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
    this.add('mysql', '5.7.29');
    this.add('postgresql', '12.4');
    this.#ids = seededIds(FURTHER_SEED); // what is there besides changes no id of what follows
    this.add('mysql', '8.0.29');
    this.add('mariadb', '10.4.18');
  }

  /** The version, added if it is new. */
  add(type: string, version: string): DatastoreVersion {
    const known = this.#versions.find((one) => one.type === type && one.version === version);
    if (known !== undefined) return known;
    const sibling = this.#versions.find((one) => one.type === type);
    const made: DatastoreVersion = {
      id: this.#ids.uuid(),
      datastoreId: sibling?.datastoreId ?? this.#ids.uuid(),
      type,
      version,
      imageId: this.#ids.uuid(),
      serviceId: sibling?.serviceId ?? this.#ids.uuid(),
    };
    this.#versions.push(made);
    return made;
  }

  /** The versions of each datastore. */
  types(): readonly (readonly DatastoreVersion[])[] {
    return [...Map.groupBy(this.#versions, ({ datastoreId }) => datastoreId).values()];
  }

  /** Trove: trove/datastore/models.py, get_datastore_version */
  find(type: string | undefined, version: string | undefined): DatastoreVersion {
    const ofType = this.#versions.filter((one) => type === undefined || one.type === type || one.datastoreId === type);
    if (ofType.length === 0) throw new TroveFault(404, `Datastore '${type}' cannot be found.`);
    const found =
      version === undefined ? ofType[0] : ofType.find((one) => one.version === version || one.id === version);
    if (found === undefined) throw new TroveFault(400, `Datastore version '${version}' cannot be found.`);
    return found;
  }
}
