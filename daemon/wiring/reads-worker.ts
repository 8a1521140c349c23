import { createReads, type Written } from '../http/reads.ts';
import { answering, place } from '../store/answering.ts';
import { listingStore } from '../store/listing.ts';
import { openPlace } from '../store/place.ts';

/**
 * The thread that reads and writes the answers of the web service: apart from the one that counts for metrics, whose rounds
 * over a million schedules take seconds, and from the main one, where slots and bus would wait. Bytes are handed over.
 */
const db = openPlace(place, { readonly: true });
db.pragma('cache_size = -65536');
const isWritten = (value: unknown): value is Written => value !== null && typeof value === 'object' && 'bytes' in value;
answering(createReads(listingStore(db)), (value) => (isWritten(value) ? [value.bytes.buffer] : []));
