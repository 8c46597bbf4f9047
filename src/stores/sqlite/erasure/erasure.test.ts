import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { erasureConformance } from '../../conformance/erasure.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

erasureConformance('SQLite', places.open, (place) => {
  const directory = places.dataDir(place);
  return readdirSync(directory).map((name) => readFileSync(join(directory, name)));
});
