import { afterAll } from 'vitest';
import { sealingConformance } from '../../conformance/sealing.ts';
import { createOrdinaryPlaces } from '../testing/ordinary-places.ts';

const places = createOrdinaryPlaces();
afterAll(() => places.remove());

sealingConformance('PostgreSQL', (place, cipher, clock) => places.openWith(place, clock, cipher));
