import { afterAll } from 'vitest';
import { tasksConformance } from '../../conformance/tasks.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

tasksConformance('PostgreSQL', places.open);
