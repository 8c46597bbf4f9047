import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { createMembership, type Membership } from '../cluster/membership.ts';
import { systemClock } from '../core/clock.ts';
import { version } from '../core/version.ts';
import { monotonicMs } from '../delivery/courier/board.ts';
import { openPostgresStore } from '../stores/postgres/open.ts';
import type { Cipher } from '../stores/secrets/cipher.ts';
import type { Basics } from './basics.ts';
import type { OpenedStore } from './courier-connection.ts';

export interface OnPostgres {
  readonly url: string;
  /** Past any pooler. */
  readonly directUrl: string;
  readonly connections: number;
  readonly cipher: Cipher;
  readonly couriers: number;
}

/** A process of which nothing is heard for so long owns nothing more: the others take over. */
const leaseMs = 10_000;
/** Of messages that say that shards were let go of, or that somebody came or went. */
const shardsKind = 'shards';

/** Opens the store in PostgreSQL, as one of the gateways that are at work on it. */
export async function openOnPostgres(
  { clock, log, life, parts }: Basics,
  { url, directUrl, connections, cipher, couriers }: OnPostgres,
): Promise<OpenedStore> {
  const id = randomBytes(16).toString('hex');
  let membership: Membership | null = null;
  let tellOthers = (): void => {};
  const store = await openPostgresStore({
    ...{ url, directUrl, connections, processId: id, cipher, clock, couriers, leaseMs },
    onLost: (err) => log.warn({ err }, 'A connection with the database was lost.'),
    warn: (warning) => log.warn(warning),
    async join(leases) {
      const joining = createMembership({
        ...{ leases, leaseMs, log },
        process: { id, name: `${hostname()}:${process.pid}`, version, couriers },
        // Leases are real, whatever time a test plays.
        clock: systemClock,
        monotonic: monotonicMs,
        onGone: life.die,
        tellOthers: () => tellOthers(),
      });
      membership = joining;
      const node = await joining.join();
      return { node, owns: joining.owns, leave: joining.close };
    },
  });
  // When everything that sends is closed.
  parts.defer(() => store.close());
  const courierConnections = store.couriers.map((data) => ({ store: 'postgres', ...data }) as const);
  const { messages, configurationNews, numbered } = store;
  tellOthers = () => messages.tell(null, shardsKind, null);
  const member = membership as Membership | null;
  if (!member) throw new Error('The store did not join.');
  messages.on(shardsKind, member.beatNow);
  return {
    ...{ store, courierConnections, cluster: member, messages, configurationNews },
    sharing: { membership: member, numbered },
  };
}
