import type { Dialect } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import type { Access } from '../ports/access.ts';
import type { AuditStore } from '../ports/audit.ts';
import type { DeliveryLog } from '../ports/delivery-log.ts';
import type { Directory } from '../ports/directory.ts';
import type { StoreWatch } from '../ports/figures.ts';
import type { Forgetting } from '../ports/forgetting.ts';
import type { History } from '../ports/history.ts';
import type { People } from '../ports/people.ts';
import type { PortalLinkStore } from '../ports/portal-links.ts';
import type { Retention } from '../ports/retention.ts';
import type { StatsStore } from '../ports/stats.ts';
import type { TaskStore } from '../ports/tasks.ts';

/** The store under test. */
export interface OpenStore {
  readonly log: DeliveryLog;
  readonly directory: Directory;
  readonly history: History;
  readonly stats: StatsStore;
  readonly tasks: TaskStore;
  readonly people: People;
  readonly access: Access;
  /** The tables of the library that signs people in are in the same database. */
  readonly portalDatabase: Dialect;
  readonly audit: AuditStore;
  readonly portalLinks: PortalLinkStore;
  readonly forgetting: Forgetting;
  readonly watch: StoreWatch;
  readonly retention: Retention;
  close(): Promise<void>;
}

/**
 * Opens a store of the kind under test. A new place is empty; a place that was closed is opened again with what it
 * held.
 */
export type OpenPlace = (place: string, clock: Clock) => Promise<OpenStore>;
