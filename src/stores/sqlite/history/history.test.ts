import { afterAll } from 'vitest';
import { historyConformance } from '../../conformance/history.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

historyConformance('SQLite', places.open);
