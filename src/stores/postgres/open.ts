import { MessageChannel } from 'node:worker_threads';
import type pg from 'pg';
import type { Clock } from '../../core/clock.ts';
import type { ConfigurationNews, ProcessMessages } from '../ports/process-messages.ts';
import type { ShardLeases } from '../ports/shard-leases.ts';
import type { Store } from '../ports/store.ts';
import type { Cipher } from '../secrets/cipher.ts';
import { createOrdinaryParts } from '../sql/ordinary.ts';
import { openNumberKey } from '../sql/sealing/gateway-secrets.ts';
import { createPostgresShardLeases } from './cluster/leases.ts';
import { createPostgresErasures } from './erasure/erasures.ts';
import { createPostgresHistory } from './history/history.ts';
import { durabilityProblem, layOut, unusable } from './lay-out.ts';
import { type Arrived, arrivedKind } from './log/arrived.ts';
import { openPostgresEventLog } from './log/event-log.ts';
import { createPostgresConfigurationNews } from './messages/configuration-news.ts';
import { createListening } from './messages/listening.ts';
import { createPostgresMessages } from './messages/messages.ts';
import type { CourierData } from './open-courier-log.ts';
import { createPool } from './pool.ts';
import { createQuestions } from './questions/questions.ts';
import { createPostgresRetention } from './retention/retention.ts';
import { type Shares, shareConnections } from './share-connections.ts';
import { createPostgresDatabase } from './sql/database.ts';
import { createPostgresDialect } from './sql/kysely-dialect.ts';
import { createPostgresStats } from './stats/stats.ts';
import { createPostgresWatch } from './watch/watch.ts';

export interface PostgresOptions {
  readonly url: string;
  /** The same database past any pooler. */
  readonly directUrl: string;
  /** At most, beside one for each courier and one that listens; at least {@link fewestConnections}. */
  readonly connections: number;
  /** Of this process, which others speak to by it: letters, digits, `-` and `_`, 40 at most. */
  readonly processId: string;
  readonly cipher: Cipher;
  readonly clock: Clock;
  /** Couriers that will have a part of the log each, over {@link PostgresStore.couriers}; at least one. */
  readonly couriers: number;
  /** As long as the store keeps a shard for a process of which nothing is heard, ms. */
  readonly leaseMs: number;
  /** Joins the processes that share the database. Called when the schema is up to date, before anything else is read. */
  readonly join: (leases: ShardLeases) => Promise<Joined>;
  readonly onLost: (error: Error) => void;
  readonly warn: (message: string) => void;
}

export interface Joined {
  /** Its number among them. */
  readonly node: number;
  /** Whether a webhook is its own, now. */
  owns(webhookId: string): boolean;
  /** Leaves them again; called while the database can still be told. */
  leave(): Promise<void>;
}

export interface PostgresStore extends Store {
  /** With the other processes. Whoever has said what it listens to starts them; they end with the store. */
  readonly messages: ProcessMessages;
  /** From before anything is read of the configuration. */
  readonly configurationNews: ConfigurationNews;
  readonly couriers: readonly CourierData[];
  /** What is accepted from now on by this process has larger numbers. */
  numbered(): number;
}

/** What other processes are told is soon said again, over another connection, where one does not answer. */
const saidWithinMs = 5_000;
/** Where no number is free, one is given away of which nothing was heard for so long. */
const goneAfterMs = 10 * 60_000;

/**
 * Opens the store in PostgreSQL, laid out on first use.
 * @throws {DatabaseUnusableError} where it cannot be reached, or does not let this user in
 * @throws {SchemaError} when the database is another application's, or a newer version's
 * @throws {CipherError} `wrong_master_key` when no key that seals what is stored is at hand
 */
export async function openPostgresStore(options: PostgresOptions): Promise<PostgresStore> {
  const { url, directUrl, processId, cipher, clock, couriers, leaseMs, join, onLost, warn } = options;
  const isPooled = directUrl !== url;
  await using opened = new AsyncDisposableStack();
  const pools = Object.fromEntries(
    Object.entries(shareConnections(options.connections)).map(([name, most]) => {
      const pool = createPool({
        ...{ url, most, onLost, isPooled, byIndex: name === 'accepting' },
        // A beat that is not answered is tried again on another connection while there is time.
        ...(name === 'leases' && { answersWithinMs: leaseMs / 2 }),
        ...(name === 'messages' && { answersWithinMs: saidWithinMs }),
      });
      opened.defer(() => pool.end());
      return [name, pool];
    }),
  ) as Record<keyof Shares, pg.Pool>;

  await layOutDirectly(directUrl, url, warn);
  const problem = await durabilityProblem(pools.ordinary, isPooled).catch((error: unknown) => {
    throw unusable(error, url, 'HOOKWIRE_DATABASE_URL');
  });
  if (problem !== null) warn(problem);
  const listening = createListening({ url: directUrl, pool: pools.messages, warn });
  opened.defer(() => listening.close());
  const messages = createPostgresMessages({ id: processId, listening, pool: pools.messages, warn });
  opened.defer(() => messages.close());
  const configurationNews = createPostgresConfigurationNews(listening);
  const { node, owns, leave } = await join(
    createPostgresShardLeases({ pool: pools.leases, leaseMs, goneAfterMs }),
  );
  opened.defer(leave);
  // What is changed of the configuration from before it is read.
  await listening.start();

  const database = createPostgresDatabase(pools.ordinary);
  const ordinary = createOrdinaryParts(database, cipher, clock);
  await ordinary.sealing.check();
  const numberKey = await openNumberKey(database, cipher);
  const questions = createQuestions(pools.questions);
  const channels = Array.from({ length: couriers }, () => new MessageChannel());
  const log = await openPostgresEventLog({
    ...{ pool: pools.accepting, clock, node, numberKey },
    couriers: channels.map(({ port1 }) => port1),
    sharing: { owns, announce: (news) => messages.tell(null, arrivedKind, news) },
  });
  messages.on(arrivedKind, (news) => log.arrived(news as Arrived));
  opened.defer(() => log.close());
  const kept = opened.move();
  return {
    ...{ ...ordinary, messages, configurationNews },
    log,
    couriers: channels.map(({ port2: port }, courier) => ({
      ...{ url, port, node, courier, couriers, isPooled },
    })),
    numbered: () => log.numbered,
    history: createPostgresHistory({ questions, clock, numberKey }),
    stats: createPostgresStats(pools.ordinary, questions),
    erasures: createPostgresErasures({ pool: pools.ordinary, database, cipher, numberKey }),
    portalDatabase: { dialect: createPostgresDialect(pools.ordinary), type: 'postgres' },
    watch: createPostgresWatch(questions),
    retention: createPostgresRetention({
      ...{ pool: pools.ordinary, numberKey },
      isBusy: () => log.queued > 0,
    }),
    close: () => kept.disposeAsync(),
  };
}

/** Past any pooler, which may bound how long a statement takes, or a transaction. */
async function layOutDirectly(
  directUrl: string,
  url: string,
  warn: (message: string) => void,
): Promise<void> {
  const pool = createPool({ url: directUrl, most: 1 });
  try {
    await layOut(pool, directUrl, {
      warn,
      ...(directUrl !== url && { key: 'HOOKWIRE_DATABASE_DIRECT_URL' }),
    });
  } finally {
    await pool.end();
  }
}
