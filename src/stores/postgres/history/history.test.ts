import { afterAll } from 'vitest';
import { historyConformance, historyErasureConformance } from '../../conformance/history.ts';
import { createLogPlaces } from '../testing/log-places.ts';

const places = createLogPlaces();
afterAll(() => places.remove());

historyConformance('PostgreSQL', places.open);
historyErasureConformance('PostgreSQL', places.open);
