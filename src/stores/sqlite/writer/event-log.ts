import type { Clock } from '../../../core/clock.ts';
import { createSequence, sequenceId } from '../../../core/ids.ts';
import { ThreadError, threadEnded, unreadable } from '../../../core/threads/thread-error.ts';
import { createAcceptanceClock } from '../../log/acceptance-clock.ts';
import { createCommitQueue, rowsOfAll, type WaitingEvent } from '../../log/commit-queue.ts';
import type { NewEventRow } from '../../log/row-types.ts';
import { eventRow } from '../../log/rows.ts';
import { createWriteWatch } from '../../log/write-health.ts';
import type { AppendResult, EventLog } from '../../ports/delivery-log.ts';
import { packEvents } from './columns.ts';
import { isDamage } from './damage.ts';
import { mostInPart } from './fan-outs.ts';
import type { BroughtBack, RetryPlace, SameEvent, Stored } from './protocol.ts';
import type { WriterThread } from './writer-thread.ts';

/**
 * After a commit of few events, but more than a lone caller makes, the next one waits so long. Without it 50 callers with
 * single events made 2,000 commits a second of five things each, and most of the time went into the commits. In real
 * time, since it is about the disk.
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
 * Where much waits, each webhook is a page of its own in the index of what does: 1,000 are 6 MB of log and 10 to 45 ms, 150 some
 * 2. With 300, 20 accounts of 100 webhooks kept others waiting for 45 to 61 ms (p99), with 150 for 34 to 54.
 */
const mostSpread = 150;

/**
 * The main thread's part of the delivery log on SQLite. While one commit is on its way to disk, everything that is called
 * gathers for the next ones (group commit): a lone caller waits for one fsync, a thousand callers share one, and a large call
 * goes over many (`commit-queue.ts`).
 */
export function createSqliteEventLog(thread: WriterThread, clock: Clock): EventLog {
  const sequence = createSequence(clock, thread.lastSequence);
  const acceptedAtOf = createAcceptanceClock();
  /** Events that the writer is to complete, until a commit that has told it so is on disk. */
  const givenUp = new Set<number>();
  let mayTellOfThem = false;
  const appends = createCommitQueue({
    ...{ mostInPart, mostSpread },
    onGivenUp(event) {
      givenUp.add(event);
      mayTellOfThem = true;
    },
  });
  const watch = createWriteWatch(clock, probe, { isDamage });
  let handedOver = 0;
  let handedIn = 0;
  let unseen = (): number => 0;
  /** A commit of whatever waits is under way; besides it there may be some of accounts that call little. */
  let committing = false;
  let rowsUnderWay = 0;
  let commitsUnderWay = 0;
  let lightAt = 0;
  let lightTimer: NodeJS.Timeout | null = null;
  let mayStartAt = 0;
  let starting: NodeJS.Timeout | null = null;
  let closing = false;
  let onIdle: (() => void) | null = null;

  function schedule(): void {
    if (committing || starting) {
      if (!closing) askLight(committing ? rowsUnderWay : 0);
      return;
    }
    const now = performance.now();
    const wait = closing || appends.isEmpty ? 0 : mayStartAt - now;
    if (wait > 0) startIn(wait);
    else flush();
  }

  /** Asks for the next commit: those who call little get one before it, so that they do not wait for the rest. */
  function flush(): void {
    const waitsForCouriers = !closing && unseen() >= mostUnseen;
    askLight(waitsForCouriers ? mostUnseen : 0);
    if (appends.isEmpty && !mayTellOfThem) {
      if (commitsUnderWay === 0) onIdle?.();
      return;
    }
    if (waitsForCouriers) {
      startIn(lookAgainMs);
      return;
    }
    const taken = appends.take();
    mayStartAt =
      performance.now() + (taken.length > loneEvents && taken.length < fewEvents ? commitGapMs : 0);
    committing = true;
    rowsUnderWay = rowsOfAll(taken);
    commit(taken, () => {
      committing = false;
    });
  }

  /** @param otherRows that would be written before them, besides those that wait here */
  function askLight(otherRows: number): void {
    const wait = lightAt - performance.now();
    if (wait <= 0) {
      const light = appends.takeLight(otherRows);
      if (light.length === 0) return;
      lightAt = performance.now() + lightGapMs;
      commit(light);
    } else if (!lightTimer && !appends.isEmpty) {
      lightTimer = setTimeout(() => {
        lightTimer = null;
        if (!appends.isEmpty) schedule();
      }, wait);
    }
  }

  function commit(taken: readonly WaitingEvent[], onAnswer: () => void = () => {}): void {
    const sequences = taken.map(sequenceOf);
    const firstNew = sequences.find((_, i) => isFirst(taken[i]));
    const acceptedAt = firstNew === undefined ? null : acceptedAtOf(clock.now(), firstNew);
    const events = packEvents(taken.map((waiting, i) => rowOf(waiting, sequences[i] ?? 0, acceptedAt)));
    const toComplete = [...givenUp];
    mayTellOfThem = false;
    watch.asked();
    commitsUnderWay++;
    const ended = (then: () => void): void => {
      commitsUnderWay--;
      onAnswer();
      then();
      schedule();
    };
    thread.ask('commit', events, acceptedAt, toComplete).then(
      (stored) =>
        ended(() => {
          watch.worked();
          for (const event of toComplete) givenUp.delete(event);
          committed(taken, sequences, stored);
        }),
      (error: Error) =>
        ended(() => {
          notWritten(error);
          appends.failed(taken, error);
        }),
    );
  }

  /** Its own and those of its deliveries, all at once, so that no later event has a smaller one. */
  function sequenceOf({ entry, part }: WaitingEvent): number {
    return part?.whole.begun?.seq ?? sequence.take(1 + entry.webhookIds.length);
  }

  function rowOf({ entry, part }: WaitingEvent, seq: number, acceptedAt: number | null): NewEventRow {
    if (part === null) return eventRow(entry, seq);
    part.whole.begun ??= { seq, acceptedAt };
    return eventRow(entry, seq, { ...part, acceptedAt: part.whole.begun.acceptedAt });
  }

  function committed(taken: readonly WaitingEvent[], sequences: readonly number[], stored: Stored): void {
    handedOver = stored.handedOver;
    const results = taken.map(({ entry }, i): AppendResult => {
      const same = stored.events[i];
      if (same) return duplicateOf(same);
      return {
        result: 'accepted',
        eventId: entry.ownId ?? sequenceId('evt', sequences[i] ?? 0),
        deliveries: entry.webhookIds.length,
      };
    });
    for (const resolve of appends.stored(taken, results)) resolve();
  }

  /** Only what the disk refuses is its trouble. */
  function notWritten(error: Error): void {
    const isOurs = error instanceof ThreadError && (error.code === unreadable || error.code === threadEnded);
    if (!isOurs) watch.failed(error);
  }

  function probe(): void {
    watch.asked();
    thread.ask('probe').then(() => {
      watch.worked();
      if (givenUp.size === 0) return;
      mayTellOfThem = true;
      schedule();
    }, notWritten);
  }

  function startIn(ms: number): void {
    starting = setTimeout(() => {
      starting = null;
      if (!committing) flush();
    }, ms);
  }

  thread.onRefused(notWritten);

  return {
    append(events) {
      handedIn += events.length;
      const appended = appends.add(events);
      if (!appends.isEmpty) schedule();
      return appended;
    },
    async bringRetriesBack(now) {
      let total = 0;
      let after: RetryPlace | null = null;
      do {
        const some: BroughtBack = await thread.ask('bringBack', now, after);
        total += some.moved;
        after = some.next;
      } while (after !== null);
      return total;
    },
    latestAt: thread.latestAt,
    health: watch.health,
    onHealth: watch.onChange,
    get queued() {
      return appends.events;
    },
    get handedIn() {
      return handedIn;
    },
    get handedOver() {
      return handedOver;
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
      await thread.close();
    },
  };
}

function isFirst(waiting: WaitingEvent | undefined): boolean {
  return waiting !== undefined && (waiting.part === null || waiting.part.from === 0);
}

function duplicateOf({ seq, ownId, deliveries, differs }: SameEvent): AppendResult {
  const eventId = ownId ?? sequenceId('evt', seq);
  return { result: 'duplicate', eventId, deliveries, ...(differs && { differs }) };
}
