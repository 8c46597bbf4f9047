import { afterAll } from 'vitest';
import { trustedTimeConformance } from '../../conformance/trusted-time.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

trustedTimeConformance('PostgreSQL', places.open);
