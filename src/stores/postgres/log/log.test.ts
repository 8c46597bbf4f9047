import { afterAll } from 'vitest';
import { deliveryLogConformance } from '../../conformance/delivery-log.ts';
import { createLogPlaces } from '../testing/log-places.ts';

for (const couriers of [1, 2]) {
  const places = createLogPlaces({ couriers });
  afterAll(() => places.remove());

  deliveryLogConformance(`PostgreSQL, couriers: ${couriers}`, places.open);
}
