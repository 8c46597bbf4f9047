import { afterAll } from 'vitest';
import { retentionConformance } from '../../conformance/retention.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

retentionConformance('SQLite', places.open);
