import { joinLog } from '../../conformance/joined-log.ts';
import type { DeliveryLog } from '../../ports/delivery-log.ts';
import { openSqliteStore, type SqliteOptions, type SqliteStore } from '../open.ts';
import { createCourierLog } from '../writer/courier-log.ts';

/** A store whose log is whole: the main thread's part and those of its couriers, in this thread. */
export interface JoinedStore extends Omit<SqliteStore, 'log' | 'courierPorts'> {
  readonly log: DeliveryLog;
}

export async function openJoinedStore({
  couriers = 1,
  ...options
}: Omit<SqliteOptions, 'couriers'> & { readonly couriers?: number }): Promise<JoinedStore> {
  const store = await openSqliteStore({ ...options, couriers });
  const log = joinLog(
    store.log,
    store.courierPorts.map((port) => createCourierLog(port, options.clock)),
  );
  return {
    ...store,
    log,
    async close() {
      await log.close();
      await store.close();
    },
  };
}
