import { afterAll } from 'vitest';
import { deliveryLogConformance } from '../../conformance/delivery-log.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());

deliveryLogConformance('SQLite', places.open);
