import { afterAll } from 'vitest';
import { statsConformance } from '../../conformance/stats.ts';
import { createLogPlaces } from '../testing/log-places.ts';

const places = createLogPlaces();
afterAll(() => places.remove());

statsConformance('PostgreSQL', places.open);
