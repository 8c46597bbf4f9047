import { afterAll } from 'vitest';
import { trustedTimeConformance } from '../../conformance/trusted-time.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

trustedTimeConformance('SQLite', places.open);
