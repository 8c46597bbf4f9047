import { afterAll } from 'vitest';
import { accessConformance } from '../../conformance/access.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

accessConformance('SQLite', places.open);
