import { answering, place } from './answering.ts';
import { openPlace } from './place.ts';
import { readModelStore } from './read-model.ts';
import { upkeepStore } from './upkeep.ts';

/**
 * The thread that counts, lists and copies the journal: SQLite is synchronous, and two million rows or a thousand pages
 * would keep the bus and the slots waiting. Since it does one after the other, no reading of its own holds the journal up.
 */
const db = openPlace(place, { readonly: true });
/** Copying is all that it may: to that SQLite wants a connection that could write. */
const copier = openPlace(place, {});
copier.pragma('query_only = ON');
answering({ ...readModelStore(db), ...upkeepStore(copier) });
