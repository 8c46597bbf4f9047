import { afterAll } from 'vitest';
import { auditConformance } from '../../conformance/audit.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

auditConformance('SQLite', places.open);
