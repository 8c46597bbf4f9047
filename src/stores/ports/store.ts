import type { Access } from './access.ts';
import type { AuditStore } from './audit.ts';
import type { EventLog } from './delivery-log.ts';
import type { Directory } from './directory.ts';
import type { ErasureStore } from './erasures.ts';
import type { StoreWatch } from './figures.ts';
import type { Forgetting } from './forgetting.ts';
import type { History } from './history.ts';
import type { LibraryDatabase } from './library-database.ts';
import type { People } from './people.ts';
import type { PortalLinkStore } from './portal-links.ts';
import type { Retention } from './retention.ts';
import type { Sealing } from './sealing.ts';
import type { StatsStore } from './stats.ts';
import type { TaskStore } from './tasks.ts';
import type { TrustedTimeStore } from './trusted-time.ts';

/** Everything that a store keeps, by what is done with it. */
export interface Store {
  readonly directory: Directory;
  readonly sealing: Sealing;
  readonly log: EventLog;
  readonly history: History;
  readonly stats: StatsStore;
  readonly tasks: TaskStore;
  readonly erasures: ErasureStore;
  readonly people: People;
  readonly access: Access;
  /** For the library that signs people in. */
  readonly portalDatabase: LibraryDatabase;
  readonly audit: AuditStore;
  readonly portalLinks: PortalLinkStore;
  readonly forgetting: Forgetting;
  readonly watch: StoreWatch;
  readonly retention: Retention;
  readonly trustedTime: TrustedTimeStore;
  close(): Promise<void>;
}

/** What a command may use beside a gateway that may be at work on the same data. */
export interface BesideStore extends Pick<Store, 'directory' | 'sealing'> {
  close(): Promise<void>;
}
