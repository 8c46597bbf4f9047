import type { Pool } from 'pg';
import type { Clock } from '../../../core/clock.ts';
import { sequenceId, sequenceTime } from '../../../core/ids.ts';
import { createNodeSequence, nodeStride } from '../../../core/node-sequence.ts';
import type { Port } from '../../../core/threads/connection.ts';
import { createAcceptanceClock } from '../../log/acceptance-clock.ts';
import { createCommitQueue, rowsOfAll, type WaitingEvent } from '../../log/commit-queue.ts';
import { createWriteWatch } from '../../log/write-health.ts';
import type { AppendResult, EventLog } from '../../ports/delivery-log.ts';
import { onConnection } from '../connection.ts';
import type { Arrived } from './arrived.ts';
import { bringBack } from './bring-back.ts';
import type { Committed } from './commit-events.ts';
import { createCommits } from './commits.ts';
import { createHandOver, notShared, type Sharing } from './hand-over.ts';
import { incomingRow } from './new-event.ts';
import { DatabaseTrouble } from './trouble.ts';

export interface EventLogOptions {
  /** Of its own: at least two connections, so that who calls little does not wait for who calls much. */
  readonly pool: Pool;
  readonly clock: Clock;
  /** Which process it is of those that share the database, 0 to 31. */
  readonly node: number;
  /** The gateway's number key. */
  readonly numberKey: Uint8Array;
  /** This thread's ends of its connections with the couriers of this process (`hand-over.ts`). */
  readonly couriers: readonly Port[];
  /** Where others are at work on the database too. */
  readonly sharing?: Sharing;
}

export interface PostgresEventLog extends EventLog {
  /** What is accepted from now on by this process has larger numbers. */
  readonly numbered: number;
  /** Another process has told of deliveries that it accepted. */
  arrived(news: Arrived): void;
}

/**
 * After a commit of few events, but more than a lone caller makes, the next one waits so long: then 50 callers with single events
 * share a few commits. In real time, since it is about the disk.
 */
const commitGapMs = 2;
const loneEvents = 4;
const fewEvents = 50;
/** Between two commits for those who call little, while a long one is under way. */
const lightGapMs = 4;
/** While couriers have not seen so many of their deliveries, nothing more is committed but what is called little. */
const mostUnseen = 20_000;
/** How soon it is looked again whether they have. */
const lookAgainMs = 5;

/**
 * Opens the main thread's part of the delivery log on PostgreSQL. While one commit is on its way, everything that is called
 * gathers for the next one (group commit); a large call goes over many (`stores/log/commit-queue.ts`), and who calls little has
 * commits of its own, on another connection. Of one account one commit is under way at a time: so what it hands in becomes
 * visible in the order of its numbers, which the couriers rely on (`new-deliveries.ts`).
 */
export async function openPostgresEventLog(options: EventLogOptions): Promise<PostgresEventLog> {
  const { rows } = await onConnection(options.pool, (client) =>
    client.query<{ last: number | null }>(
      'select greatest((select max(seq) from events), (select max(seq) from waiting), (select max(seq) from deliveries)) as last',
    ),
  );
  return createEventLog(options, rows[0]?.last ?? 0);
}

function createEventLog(
  { pool, clock, node, numberKey, couriers, sharing = notShared }: EventLogOptions,
  above: number,
): PostgresEventLog {
  const sequence = createNodeSequence(clock, node, above);
  const acceptedAtOf = createAcceptanceClock();
  const appends = createCommitQueue({ oneByOne: true });
  const watch = createWriteWatch(clock, probe, { of: 'PostgreSQL' });
  const handOver = createHandOver(couriers, sharing);
  let numbered = above;
  const takeNumber = (deliveries: number): number => {
    const first = sequence.take(1 + deliveries);
    numbered = first + nodeStride * deliveries;
    return first;
  };
  /** One connection is for what is long. */
  const mostLight = Math.max(1, pool.options.max - 1);
  const commits = createCommits(pool, { numberKey, takeNumber, onStored: handOver.committed });
  let handedIn = 0;
  let unseen = (): number => 0;
  /** A commit of whatever waits is under way; besides it there may be some of accounts that call little. */
  let committing = false;
  let rowsUnderWay = 0;
  let commitsUnderWay = 0;
  let lightAt = 0;
  let lightTimer: NodeJS.Timeout | null = null;
  let lightUnderWay = 0;
  let mayStartAt = 0;
  let starting: NodeJS.Timeout | null = null;
  let closing = false;
  let onIdle: (() => void) | null = null;

  function schedule(): void {
    if (committing || starting) {
      if (!closing) askLight(committing ? rowsUnderWay : 0);
      return;
    }
    const wait = closing || appends.isEmpty ? 0 : mayStartAt - performance.now();
    if (wait > 0) startIn(wait);
    else flush();
  }

  /** Asks for the next commit: those who call little get one before it, so that they do not wait for the rest. */
  function flush(): void {
    const waitsForCouriers = !closing && unseen() >= mostUnseen;
    askLight(waitsForCouriers ? mostUnseen : 0);
    if (appends.isEmpty) {
      if (commitsUnderWay === 0) onIdle?.();
      return;
    }
    if (waitsForCouriers) {
      startIn(lookAgainMs);
      return;
    }
    const taken = appends.take();
    // All that wait are of accounts of which a commit is under way; its end looks again.
    if (taken.length === 0) return;
    mayStartAt =
      performance.now() + (taken.length > loneEvents && taken.length < fewEvents ? commitGapMs : 0);
    committing = true;
    rowsUnderWay = rowsOfAll(taken);
    void commit(taken).finally(() => {
      committing = false;
      schedule();
    });
  }

  /** @param otherRows that would be written before them, besides those that wait here */
  function askLight(otherRows: number): void {
    // The end of one looks again.
    if (lightUnderWay >= mostLight) return;
    const wait = lightAt - performance.now();
    if (wait <= 0) {
      const light = appends.takeLight(otherRows);
      if (light.length === 0) return;
      lightAt = performance.now() + lightGapMs;
      lightUnderWay++;
      void commit(light).finally(() => {
        lightUnderWay--;
        schedule();
      });
    } else if (!lightTimer && !appends.isEmpty) {
      lightTimer = setTimeout(() => {
        lightTimer = null;
        if (!appends.isEmpty) schedule();
      }, wait);
    }
  }

  async function commit(taken: readonly WaitingEvent[]): Promise<void> {
    const numbers = taken.map(({ entry }) => takeNumber(entry.webhookIds.length));
    const apart = acceptedAtOf(clock.now(), numbers[0] ?? 0);
    const rows = taken.map(({ entry }, i) => incomingRow(entry, numbers[i] ?? 0, apart, sharing.owns));
    watch.asked();
    commitsUnderWay++;
    try {
      const committed = await commits.commit(rows);
      watch.worked();
      commitsUnderWay--;
      const results = taken.map(({ entry }, i) => resultOf(entry.ownId, committed[i]));
      for (const resolve of appends.stored(taken, results)) resolve();
    } catch (error) {
      commitsUnderWay--;
      const trouble = new DatabaseTrouble(error);
      watch.failed(trouble);
      appends.failed(taken, trouble);
    }
  }

  function probe(): void {
    watch.asked();
    commits.probe().then(watch.worked, (error) => watch.failed(new DatabaseTrouble(error)));
  }

  function startIn(ms: number): void {
    starting = setTimeout(() => {
      starting = null;
      if (!committing) flush();
    }, ms);
  }

  return {
    append(events) {
      handedIn += events.length;
      const appended = appends.add(events);
      if (!appends.isEmpty) schedule();
      return appended;
    },
    bringRetriesBack: (now) => bringBack(pool, now),
    arrived: handOver.arrived,
    get numbered() {
      return numbered;
    },
    latestAt: sequenceTime(above),
    health: watch.health,
    onHealth: watch.onChange,
    get queued() {
      return appends.events;
    },
    get handedIn() {
      return handedIn;
    },
    get handedOver() {
      return handOver.handedOver;
    },
    heed(count) {
      unseen = count;
    },
    async close() {
      closing = true;
      watch.close();
      if (starting) clearTimeout(starting);
      starting = null;
      if (lightTimer) clearTimeout(lightTimer);
      if (commitsUnderWay > 0 || !appends.isEmpty) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
          schedule();
        });
      }
    },
  };
}

function resultOf(ownId: string | null, committed: Committed | undefined): AppendResult {
  if (committed?.is === 'stored') {
    const { seq, webhookIds } = committed.incoming.row;
    return { result: 'accepted', eventId: ownId ?? sequenceId('evt', seq), deliveries: webhookIds.length };
  }
  const { same, differs } = committed as Extract<Committed, { is: 'same' }>;
  const eventId = same.ownId ?? sequenceId('evt', same.seq);
  return { result: 'duplicate', eventId, deliveries: same.deliveries, ...(differs && { differs }) };
}
