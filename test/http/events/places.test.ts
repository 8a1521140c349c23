import { expect, test } from 'vitest';
import { createPlaces } from '../../../daemon/http/events/places.ts';

test('a user has so many places and all together so many, and each is given back once', () => {
  const places = createPlaces(2, 3);
  const first = places.take('anna');
  expect(first).not.toBeNull();
  expect(places.take('anna')).not.toBeNull();
  expect(places.take('anna'), 'a third of the same').toBeNull();
  expect(places.take('binh')).not.toBeNull();
  expect(places.take('chi'), 'a fourth of all').toBeNull();
  first?.();
  first?.();
  expect(places.take('chi')).not.toBeNull();
  expect(places.take('anna'), 'given back twice').toBeNull();
});
