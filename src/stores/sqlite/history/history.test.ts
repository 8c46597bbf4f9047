import { afterAll } from 'vitest';
import { historyConformance, historyErasureConformance } from '../../conformance/history.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

historyConformance('SQLite', places.open);
historyErasureConformance('SQLite', places.open);
