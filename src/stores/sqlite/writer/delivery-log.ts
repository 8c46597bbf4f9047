import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../../core/clock.ts';
import type { Conclusion, QueuedDelivery } from '../../../core/delivery.ts';
import { createSequence, parseSequenceId, sequenceId } from '../../../core/ids.ts';
import { createSlices } from '../../../core/slices.ts';
import type { AppendResult, DeliveryLog } from '../../ports/delivery-log.ts';
import { createAcceptanceClock } from '../acceptance-times.ts';
import { stateCode } from '../codes.ts';
import { packAttempts, packEvents } from './columns.ts';
import { createCommitQueue, rowsOfAll, type WaitingEvent } from './commit-queue.ts';
import { createLoadQueue } from './load-queue.ts';
import type { CommitAnswer, RetryPlace, WriterAnswers, WriterRequest } from './protocol.ts';
import type { AttemptRow } from './row-types.ts';
import {
  attemptRow,
  conclusionRow,
  eventRow,
  loadedDelivery,
  newDeliveries,
  outdatedConclusion,
} from './rows.ts';
import { createWriteWatch } from './write-health.ts';
import { StoreError, startWriterThread, unreadable } from './writer-thread.ts';

export interface SqliteDeliveryLog extends DeliveryLog {
  /** Deliveries that the couriers were told of. */
  readonly handedOver: number;
}

interface Recorded {
  readonly row: AttemptRow;
  readonly onDisk: () => void;
}

/** What is in one commit. */
interface Batch {
  readonly events: readonly WaitingEvent[];
  readonly records: readonly Recorded[];
  readonly sequences: readonly number[];
  /** When its events were accepted, where their numbers do not say so. */
  readonly acceptedAt: number | null;
  /** Characters of the events as stored. */
  readonly sizes: readonly number[];
}

/**
 * After a commit of few things, but more than a lone caller makes, the next one waits so long. Without it 50 callers with
 * single events made 2,000 commits a second of five things each, and most of the time went into the commits. In real
 * time, since it is about the disk.
 */
const commitGapMs = 2;
const loneThings = 4;
const fewThings = 50;

/** How long attempts wait when the disk refused them. */
const retryRecordsMs = 1_000;
/** Between two commits for those who call little, while a long one is under way. */
const lightGapMs = 4;
/**
 * An event for hundreds of webhooks changes as many pages, and is a commit by itself. While others call, the writer rests
 * after it as long as it took, and this much at most.
 */
const mostLargeGapMs = 30;
const lightAreNearMs = 1_000;
/** Attempts that one commit takes at most: some 10 ms of the writer. */
const mostAttempts = 750;
/** Accepted deliveries that lanes are told of in one go: about a ms of the main thread. */
const toldAtOnce = 8;
/** While so much is to be told, nothing more is committed: lanes must keep up with what is accepted. */
const mostUntold = 2_000;

/**
 * The delivery log on SQLite. While one commit is on its way to disk, everything that is called gathers for the next ones
 * (group commit): a lone caller waits for one fsync, a thousand callers share one, and a large call goes over many
 * (`commit-queue.ts`).
 */
export async function createSqliteDeliveryLog(options: {
  dataDir: string;
  clock: Clock;
  /** Shared with the desk; see `thread/write-turns.ts`. */
  turns?: SharedArrayBuffer | null;
  onDeath: (error: Error) => void;
  /** The writer's ends of the couriers' ports: they hear of new deliveries and record attempts, and nobody does here. */
  couriers?: readonly MessagePort[];
}): Promise<SqliteDeliveryLog> {
  const { clock, couriers = [] } = options;
  const guests =
    couriers.length === 0
      ? null
      : { ports: couriers, onRefused: (failure: StoreError) => tellWatch(failure) };
  const thread = await startWriterThread(options.dataDir, options.onDeath, options.turns ?? null, guests);
  let handedOver = 0;
  const sequence = createSequence(clock, thread.lastSequence);
  const acceptedAtOf = createAcceptanceClock();
  const appends = createCommitQueue();
  const loads = createLoadQueue();
  const watch = createWriteWatch(clock, probe);
  /** What the writer answered, for lanes and observers, in the order of the answers. */
  const told = createSlices(schedule);
  let records: Recorded[] = [];
  /** How many were added to these, and how many of them were put into commits. */
  let recordsAdded = 0;
  let recordsTaken = 0;
  /** Attempts that the disk refused, until they are tried again; meanwhile events come in without them. */
  let refused: Recorded[] = [];
  /** A commit of whatever waits is under way; besides it there may be some of accounts that call little. */
  let committing = false;
  let rowsUnderWay = 0;
  /** From when on an event for many webhooks may be committed. */
  let largeAt = 0;
  let lastWasLarge = false;
  let underWay = 0;
  let lightAt = 0;
  let lightTimer: NodeJS.Timeout | null = null;
  let closing = false;
  /** Changes that were asked for while something waited for a commit; they come right after that. */
  let changes: { after: number; readonly ask: () => void }[] = [];
  let listener: (deliveries: readonly QueuedDelivery[]) => void = () => {};
  let onReleased: (deliveries: readonly QueuedDelivery[]) => void = () => {};
  let onOutdated: (conclusion: Conclusion, delivery: QueuedDelivery) => void = () => {};
  let onUntold: (webhookIds: readonly string[]) => void = () => {};
  let onIdle: (() => void) | null = null;
  let mayStartAt = 0;
  let starting: NodeJS.Timeout | null = null;

  /** Asks for the next commit: those who call little get one before it, so that they do not wait for the rest. */
  function flush(): void {
    askLight(records.length);
    if (appends.isEmpty && records.length === 0) {
      // Commits for those who call little may have taken all that these waited for.
      askChanges();
      if (underWay === 0) onIdle?.();
      return;
    }
    const now = performance.now();
    const isLarge = appends.nextIsLarge && now >= largeAt && !(lastWasLarge && records.length > 0);
    const recorded = isLarge ? [] : records.splice(0, mostAttempts);
    recordsTaken += recorded.length;
    const taken = appends.take(recorded.length, isLarge);
    const things = taken.length + recorded.length;
    if (things === 0) {
      startIn(largeAt - now);
      return;
    }
    lastWasLarge = isLarge;
    mayStartAt = now + (things > loneThings && things < fewThings ? commitGapMs : 0);
    committing = true;
    rowsUnderWay = rowsOfAll(taken) + recorded.length;
    commit(taken, recorded, () => {
      committing = false;
      const endedAt = performance.now();
      if (isLarge && endedAt < lightAt + lightAreNearMs)
        largeAt = endedAt + Math.min(endedAt - now, mostLargeGapMs);
    });
    askChanges();
  }

  function askChanges(): void {
    const ripe = changes.filter(({ after }) => after <= recordsTaken);
    changes = changes.filter(({ after }) => after > recordsTaken);
    for (const { ask } of ripe) ask();
  }

  /** @param otherRows that would be written before them, or with them */
  function askLight(otherRows: number): void {
    const wait = lightAt - performance.now();
    if (wait <= 0) {
      const light = appends.takeLight(otherRows);
      if (light.length === 0) return;
      lightAt = performance.now() + lightGapMs;
      commit(light, []);
    } else if (!lightTimer && !appends.isEmpty) {
      lightTimer = setTimeout(() => {
        lightTimer = null;
        if (!appends.isEmpty) schedule();
      }, wait);
    }
  }

  function commit(
    taken: readonly WaitingEvent[],
    recorded: readonly Recorded[],
    onAnswer: () => void = () => {},
  ): void {
    const sequences = taken.map(({ entry }) => sequence.take(1 + entry.webhookIds.length));
    const events = packEvents(taken.map(({ entry }, i) => eventRow(entry, sequences[i] ?? 0)));
    const attempts = packAttempts(recorded.map((record) => record.row));
    const sizes = events.body.map((body) => body.length);
    const acceptedAt = sequences[0] === undefined ? null : acceptedAtOf(clock.now(), sequences[0]);
    const batch: Batch = { events: taken, records: recorded, sequences, acceptedAt, sizes };
    watch.asked();
    underWay++;
    thread.ask<'commit'>({ kind: 'commit', events, attempts, acceptedAt }, (answer, failure) => {
      underWay--;
      onAnswer();
      tellWatch(failure);
      if (answer) committed(batch, answer);
      else failed(batch, failure ?? new StoreError('The store gave no answer.', null));
    });
  }

  function addRecord(record: Recorded): void {
    records.push(record);
    recordsAdded++;
    schedule();
  }

  function committed(batch: Batch, answer: CommitAnswer): void {
    const accepted: QueuedDelivery[] = [];
    const results = batch.events.map(({ entry }, i): AppendResult => {
      const seq = batch.sequences[i] ?? 0;
      const same = answer.events[i];
      if (same)
        return { result: 'duplicate', eventId: same[1] ?? sequenceId('evt', same[0]), deliveries: same[2] };
      handedOver += entry.webhookIds.length;
      if (guests === null) {
        for (const delivery of newDeliveries(entry, seq, batch.sizes[i] ?? 0, batch.acceptedAt))
          accepted.push(delivery);
      }
      return {
        result: 'accepted',
        eventId: entry.ownId ?? sequenceId('evt', seq),
        deliveries: entry.webhookIds.length,
      };
    });
    handedOver -= answer.withheld.length;
    const answers = appends.stored(batch.events, results);
    for (const resolve of answers) resolve();
    // The next commit is under way before lanes get to work on this one.
    schedule();
    const sendables = sendable(accepted, answer.withheld);
    for (let i = 0; i < sendables.length; i += toldAtOnce) {
      told.add(() => listener(sendables.slice(i, i + toldAtOnce)));
    }
    told.add(() => {
      if (answer.released.length > 0) onReleased(answer.released.map(loadedDelivery));
      for (const delivery of outdatedOf(accepted, answer)) onOutdated(outdatedConclusion(delivery), delivery);
    });
    for (const record of batch.records) told.add(record.onDisk);
  }

  function failed(batch: Batch, failure: StoreError): void {
    appends.failed(batch.events, failure);
    if (failure.code === unreadable) {
      told.add(() => onUntold([...new Set(batch.events.flatMap(({ entry }) => entry.webhookIds))]));
    }
    // What is not recorded goes out again after the next start.
    if (batch.records.length > 0 && !closing && !thread.ended) {
      if (refused.length === 0) clock.setTimer(recordRefused, retryRecordsMs);
      refused.push(...batch.records);
    }
    schedule();
  }

  /** Only of what the disk refuses. */
  function tellWatch(failure: StoreError | null): void {
    if (!failure) watch.worked();
    else if (failure.code !== unreadable && !thread.ended) watch.failed(failure);
  }

  function probe(): void {
    watch.asked();
    thread.ask<'probe'>({ kind: 'probe' }, (_, failure) => tellWatch(failure));
  }

  function recordRefused(): void {
    records = [...refused, ...records];
    recordsAdded += refused.length;
    for (const change of changes) change.after += refused.length;
    refused = [];
    schedule();
  }

  function schedule(): void {
    if (committing) {
      if (!closing) askLight(rowsUnderWay);
      return;
    }
    if (told.waiting >= mostUntold && !closing) {
      askLight(told.waiting);
      return;
    }
    if (starting) {
      if (!closing) askLight(records.length);
      return;
    }
    const isEmpty = appends.isEmpty && records.length === 0;
    const wait = closing || isEmpty ? 0 : mayStartAt - performance.now();
    if (wait <= 0) flush();
    else startIn(wait);
  }

  function startIn(ms: number): void {
    if (starting) clearTimeout(starting);
    starting = setTimeout(start, ms);
  }

  function start(): void {
    starting = null;
    if (!committing) flush();
  }

  function ask<K extends Exclude<WriterRequest['kind'], 'commit' | 'close'>>(
    request: Extract<WriterRequest, { kind: K }>,
  ): Promise<WriterAnswers[K]> {
    return new Promise((resolve, reject) => {
      // Behind what lanes are told of earlier commits: a lane counts on the order of the writer's answers.
      const ask = (): void =>
        thread.ask<K>(request, (answer, failure) =>
          told.addResolving(() => {
            if (failure) reject(failure);
            else resolve(answer as WriterAnswers[K]);
          }),
        );
      // A change must find in the store what was recorded before; a lane knows by itself what it loads too early.
      const { kind }: WriterRequest = request;
      const isChange = kind === 'requeueMany' || kind === 'skipWaiting' || kind === 'bringBack';
      const isBehind = committing && !appends.isEmpty;
      if (!committing) flush();
      if (isChange && (isBehind || records.length > 0)) changes.push({ after: recordsAdded, ask });
      else ask();
    });
  }

  function load<K extends 'loadPending' | 'loadRetries'>(
    rows: number,
    request: Extract<WriterRequest, { kind: K }>,
  ): Promise<WriterAnswers[K]> {
    return new Promise((resolve, reject) => {
      loads.add(rows, (ended) => {
        ask<K>(request).then(resolve, reject).finally(ended);
      });
    });
  }

  return {
    append(events) {
      const appended = appends.add(events);
      if (!appends.isEmpty) schedule();
      return appended;
    },
    onAccepted(listen) {
      listener = listen;
    },
    onReleased(listen) {
      onReleased = listen;
    },
    onOutdated(listen) {
      onOutdated = listen;
    },
    onUntold(listen) {
      onUntold = listen;
    },
    record(attempt, onDisk) {
      addRecord({ row: attemptRow(attempt), onDisk });
    },
    conclude(conclusion, onDisk) {
      addRecord({ row: conclusionRow(conclusion), onDisk });
    },
    async loadPending(webhookId, place, limit, mostCharacters = Number.POSITIVE_INFINITY) {
      const due = place?.queuedAt ?? 0;
      const after = place === null ? 0 : (parseSequenceId('dlv', place.id) ?? 0);
      const rows = await load<'loadPending'>(limit, {
        kind: 'loadPending',
        webhookId,
        due,
        after,
        limit,
        mostCharacters,
      });
      return rows.map(loadedDelivery);
    },
    async loadRetries(webhookId, now, limit) {
      const { rows, next } = await load<'loadRetries'>(limit, {
        kind: 'loadRetries',
        webhookId,
        now,
        limit,
      });
      return { due: rows.map(loadedDelivery), nextRetryAt: next };
    },
    async waiting() {
      const rows = await ask<'waiting'>({ kind: 'waiting' });
      return rows.map((row) => ({
        webhookId: row.webhook,
        pending: row.pending === 1,
        nextRetryAt: row.next,
      }));
    },
    async requeueMany({ webhookId, deliveryIds, states, ordered, now }) {
      const rows = await ask<'requeueMany'>({
        kind: 'requeueMany',
        webhookId,
        deliveries: deliveryIds.map((id) => parseSequenceId('dlv', id) ?? 0),
        states: states.map(stateCode),
        ordered,
        now,
      });
      return rows.map(([delivery, orderKey]) => ({ id: sequenceId('dlv', delivery), orderKey }));
    },
    async skipWaiting(webhookId, reason, now) {
      // A thousand at a time, so that commits come between.
      let total = 0;
      for (let some = 1; some > 0; total += some) {
        some = await ask<'skipWaiting'>({ kind: 'skipWaiting', webhookId, reason, now });
      }
      return total;
    },
    async bringRetriesBack(now) {
      let total = 0;
      let after: RetryPlace | null = null;
      do {
        const some: WriterAnswers['bringBack'] = await ask<'bringBack'>({ kind: 'bringBack', now, after });
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
    get handedOver() {
      return handedOver;
    },
    async close() {
      closing = true;
      watch.close();
      if (starting) clearTimeout(starting);
      starting = null;
      if (lightTimer) clearTimeout(lightTimer);
      recordRefused();
      if (underWay > 0 || !appends.isEmpty || records.length > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
          schedule();
        });
      }
      await thread.close();
      told.finish();
    },
  };
}

/** Without those that wait for their turn. */
function sendable(
  accepted: readonly QueuedDelivery[],
  withheld: readonly number[],
): readonly QueuedDelivery[] {
  if (withheld.length === 0) return accepted;
  const ids = idsOf(withheld);
  return accepted.filter((delivery) => !ids.has(delivery.id));
}

function outdatedOf(
  accepted: readonly QueuedDelivery[],
  { outdated, overtaken }: CommitAnswer,
): readonly QueuedDelivery[] {
  if (outdated.length === 0) return overtaken.map(loadedDelivery);
  const ids = idsOf(outdated);
  return [...accepted.filter((delivery) => ids.has(delivery.id)), ...overtaken.map(loadedDelivery)];
}

function idsOf(deliveries: readonly number[]): ReadonlySet<string> {
  return new Set(deliveries.map((seq) => sequenceId('dlv', seq)));
}
