import type { MessagePort } from 'node:worker_threads';
import type { Cluster } from '../cluster/cluster.ts';
import type { Membership } from '../cluster/membership.ts';
import type { Clock } from '../core/clock.ts';
import type { OwnedShards } from '../core/owned-shards.ts';
import type { CourierLog } from '../stores/ports/delivery-log.ts';
import type { ConfigurationNews, ProcessMessages } from '../stores/ports/process-messages.ts';
import type { Store } from '../stores/ports/store.ts';
import { type CourierData, openPostgresCourierLog } from '../stores/postgres/open-courier-log.ts';
import { createCourierLog } from '../stores/sqlite/writer/courier-log.ts';

/** What a courier opens its part of the log with; it can be sent to the courier's thread, its port among what is transferred. */
export type CourierConnection =
  | { readonly store: 'sqlite'; readonly port: MessagePort }
  | ({ readonly store: 'postgres' } & CourierData);

/** A store, and how couriers connect with it. */
export interface OpenedStore {
  readonly store: Store;
  /** One for each courier. */
  readonly courierConnections: readonly CourierConnection[];
  /** The processes that share the store. */
  readonly cluster: Cluster;
  /** What they say to each other; `null`: this one is alone. Waits to be started, when everybody has said what it listens to. */
  readonly messages: ProcessMessages | null;
  /** What any of them, or a command beside them, changes of the configuration; `null`: this one is alone. */
  readonly configurationNews: ConfigurationNews | null;
  /** How the work is shared out; `null`: all is this one's. */
  readonly sharing: Sharing | null;
}

/** This process's part of what several do. */
export interface Sharing {
  readonly membership: Membership;
  /** What this process accepts from now on has larger numbers. */
  numbered(): number;
}

/** @param before is called before anything of the store's is looked at */
export function openCourierLog(
  connection: CourierConnection,
  clock: Clock,
  before: () => void,
  shards: OwnedShards,
): CourierLog {
  if (connection.store === 'sqlite') return createCourierLog(connection.port, clock, before);
  return openPostgresCourierLog(connection, clock, before, shards);
}
