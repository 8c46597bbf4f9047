import { afterAll } from 'vitest';
import { deliveryLogConformance } from '../../conformance/delivery-log.ts';
import { joinLog } from '../testing/joined-log.ts';
import { createPlaces } from '../testing/places.ts';

for (const couriers of [1, 2]) {
  const places = createPlaces({ couriers });
  afterAll(() => places.remove());

  deliveryLogConformance(`SQLite, couriers: ${couriers}`, async (place, clock) => {
    const store = await places.open(place, clock);
    const log = joinLog(store, clock);
    return {
      ...store,
      log,
      async close() {
        await log.close();
        await store.close();
      },
    };
  });
}
