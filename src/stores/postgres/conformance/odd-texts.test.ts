import { afterAll } from 'vitest';
import { oddTextsConformance } from '../../conformance/odd-texts.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

oddTextsConformance('PostgreSQL', places.open);
