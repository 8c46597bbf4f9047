import { afterAll } from 'vitest';
import { watchConformance } from '../../conformance/watch.ts';
import { createLogPlaces } from '../testing/log-places.ts';

const places = createLogPlaces();
afterAll(() => places.remove());

watchConformance('PostgreSQL', places.open);
