import { afterAll } from 'vitest';
import { oddTextsConformance } from '../../conformance/odd-texts.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

oddTextsConformance('SQLite', places.open);
