import { afterAll } from 'vitest';
import { peopleConformance } from '../../conformance/people.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

peopleConformance('PostgreSQL', places.open);
