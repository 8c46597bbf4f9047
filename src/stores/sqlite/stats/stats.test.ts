import { afterAll } from 'vitest';
import { statsConformance } from '../../conformance/stats.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

statsConformance('SQLite', places.open);
