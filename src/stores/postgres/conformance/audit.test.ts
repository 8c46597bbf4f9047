import { afterAll } from 'vitest';
import { auditConformance } from '../../conformance/audit.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

auditConformance('PostgreSQL', places.open);
