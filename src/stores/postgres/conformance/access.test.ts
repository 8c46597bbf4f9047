import { afterAll } from 'vitest';
import { accessConformance } from '../../conformance/access.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

accessConformance('PostgreSQL', places.open);
