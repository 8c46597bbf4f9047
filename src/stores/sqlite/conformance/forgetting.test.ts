import { afterAll } from 'vitest';
import { forgettingConformance } from '../../conformance/forgetting.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

forgettingConformance('SQLite', places.open);
