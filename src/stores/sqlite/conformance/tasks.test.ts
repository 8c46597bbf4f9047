import { afterAll } from 'vitest';
import { tasksConformance } from '../../conformance/tasks.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

tasksConformance('SQLite', places.open);
