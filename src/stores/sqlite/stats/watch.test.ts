import { afterAll } from 'vitest';
import { watchConformance } from '../../conformance/watch.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

watchConformance('SQLite', places.open);
