import type { ClientBase } from 'pg';
import type { Clock } from '../../../core/clock.ts';
import type { AttemptRecord, Conclusion } from '../../../core/delivery.ts';
import type { OwnedShards } from '../../../core/owned-shards.ts';
import type { Slices } from '../../../core/slices.ts';
import type { AttemptRow } from '../../log/row-types.ts';
import { attemptRow, conclusionRow } from '../../log/rows.ts';
import { createWriteWatch } from '../../log/write-health.ts';
import type { WriteHealth } from '../../ports/delivery-log.ts';
import type { Line } from './line.ts';
import { type RecordedRows, type RecordRow, recordAttempts } from './record-attempts.ts';
import type { Turns } from './take-turns.ts';
import { DatabaseTrouble } from './trouble.ts';

/** Attempts on their way into the database, tried again until it takes them. */
export interface Recorder {
  /** @param onLost called instead of `onDisk` where the webhook's shard is another process's meanwhile */
  record(attempt: AttemptRecord, onDisk: () => void, onLost?: () => void): void;
  conclude(conclusion: Conclusion, onDisk: () => void, onLost?: () => void): void;
  /** All until now comes before what is asked next. */
  recordAll(): void;
  readonly health: WriteHealth;
  /** Records what there is, or leaves it where that is refused: it is sent again after the next start. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly line: Line;
  readonly clock: Clock;
  readonly accountOf: (client: ClientBase, webhookId: string) => Promise<string | null>;
  /** What was recorded becomes the lanes' work. */
  readonly heard: Slices;
  readonly onTurns: (turns: Turns) => void;
  readonly shards: OwnedShards;
}

interface Recorded {
  readonly webhook: string;
  readonly row: AttemptRow;
  /** Of its shard, when it was recorded. */
  readonly epoch: number | null;
  readonly onDisk: () => void;
  readonly onLost: () => void;
  /** It may be recorded already: the answer of its batch was lost. */
  isAgain: boolean;
}

/** Attempts in one transaction: some 10 ms. */
const mostAttempts = 500;
/**
 * Fewer than so many wait for more, since a statement costs both sides as much as a dozen of the attempts in it; one that lets the next
 * report of its message go does not, nor one behind which nobody came the last time: a webhook that has one request under way at a
 * time sends the next when this is recorded. In real time: it is about the database.
 */
const enoughAttempts = 64;
const gatherMs = 4;
/** How long attempts wait when the database refused them. */
const retryRecordsMs = 1_000;

export function createRecorder(options: RecorderOptions): Recorder {
  const { line, clock, accountOf, heard, onTurns, shards } = options;
  const watch = createWriteWatch(clock, probe, { of: 'PostgreSQL' });
  let records: Recorded[] = [];
  let refused: Recorded[] = [];
  let isNext = false;
  let gathering: NodeJS.Timeout | null = null;
  /** The last batch was a single one: to wait had brought nothing. */
  let wasAlone = false;
  /** Batches are asked for and have not begun: what is recorded now goes with them. */
  let coming = 0;
  let closing = false;

  function add(webhook: string, row: AttemptRow, onDisk: () => void, onLost: () => void = () => {}): void {
    const epoch = shards.epochOf(webhook);
    if (epoch === undefined) {
      heard.add(onLost);
      return;
    }
    records.push({ webhook, row, epoch, onDisk, onLost, isAgain: false });
    gather(row.ordered);
  }

  /** All that is answered in one turn of the loop goes together, and all that is while a batch is under way. */
  function gather(isUrgent = false): void {
    if (isNext || coming > 0) return;
    if (isUrgent || wasAlone || records.length >= enoughAttempts) {
      isNext = true;
      setImmediate(() => {
        isNext = false;
        if (coming === 0) void recordSome(1);
      });
    } else {
      gathering ??= setTimeout(() => {
        gathering = null;
        if (!isNext && coming === 0) void recordSome(1);
      }, gatherMs);
    }
  }

  /** @param least how many to record, in some batches */
  async function recordSome(least: number): Promise<void> {
    if (records.length === 0) return;
    if (gathering) clearTimeout(gathering);
    gathering = null;
    coming++;
    let batch: Recorded[] = [];
    let began = false;
    try {
      await line.runFirst(async (client) => {
        began = true;
        coming--;
        for (let done = 0; done < least && records.length > 0; done += batch.length) {
          batch = takeBatch();
          wasAlone = batch.length === 1;
          watch.asked();
          const isAgain = batch.some((each) => each.isAgain);
          recorded(batch, await recordAttempts(client, await rowsOf(client, batch), isAgain));
        }
      });
    } catch (error) {
      // Without a connection none was begun, and none will be.
      if (!began) {
        coming--;
        batch = records.splice(0);
      }
      for (const each of batch) each.isAgain = began;
      wasRefused(batch, error);
    }
    if (records.length > 0) gather();
  }

  /** One transaction's: each delivery once, since its second attempt is compared with what the first has left. */
  function takeBatch(): Recorded[] {
    const deliveries = new Set<number>();
    let count = 0;
    for (const { row } of records) {
      if (count === mostAttempts || deliveries.has(row.delivery)) break;
      deliveries.add(row.delivery);
      count++;
    }
    return records.splice(0, count);
  }

  async function rowsOf(client: ClientBase, batch: readonly Recorded[]): Promise<RecordRow[]> {
    const rows: RecordRow[] = [];
    // Of a webhook that nobody has there is nothing that waits.
    for (const { webhook, row, epoch } of batch) {
      rows.push({ ...row, webhook, epoch, account: (await accountOf(client, webhook)) ?? '' });
    }
    return rows;
  }

  function recorded(batch: readonly Recorded[], { turns, lost }: RecordedRows): void {
    watch.worked();
    onTurns(turns);
    for (const { row, onDisk, onLost } of batch) heard.add(lost.has(row.delivery) ? onLost : onDisk);
  }

  function wasRefused(batch: readonly Recorded[], error: unknown): void {
    watch.failed(new DatabaseTrouble(error));
    // What is not recorded goes out again after the next start.
    if (closing) return;
    if (refused.length === 0) clock.setTimer(recordRefused, retryRecordsMs);
    refused.push(...batch);
  }

  function recordRefused(): void {
    records = [...refused, ...records];
    refused = [];
    gather();
  }

  function probe(): void {
    line
      .runFirst((client) => client.query('select pg_logical_emit_message(true, $1, $2)', ['hookwire', '']))
      .then(watch.worked, (error) => watch.failed(new DatabaseTrouble(error)));
  }

  return {
    record: (attempt, ...then) => add(attempt.webhookId, attemptRow(attempt), ...then),
    conclude: (conclusion, ...then) => add(conclusion.webhookId, conclusionRow(conclusion), ...then),
    recordAll: () => void recordSome(records.length),
    health: watch.health,
    async close() {
      closing = true;
      watch.close();
      records = [...refused, ...records];
      refused = [];
      while (records.length > 0) {
        await recordSome(records.length);
        if (watch.health.problem !== null) records = [];
      }
    },
  };
}
