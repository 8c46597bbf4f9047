import { afterAll } from 'vitest';
import { forgettingConformance } from '../../conformance/forgetting.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

forgettingConformance('PostgreSQL', places.open);
