import { afterAll } from 'vitest';
import { peopleConformance } from '../../conformance/people.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

peopleConformance('SQLite', places.open);
