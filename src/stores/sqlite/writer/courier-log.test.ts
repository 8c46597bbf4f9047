import { afterAll } from 'vitest';
import { deliveryLogConformance } from '../../conformance/delivery-log.ts';
import { createPlaces } from '../testing/places.ts';

for (const couriers of [1, 2]) {
  const places = createPlaces({ couriers });
  afterAll(() => places.remove());

  deliveryLogConformance(`SQLite, couriers: ${couriers}`, places.open);
}
