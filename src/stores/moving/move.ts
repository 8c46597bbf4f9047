import { type Checksum, createSumming } from './checksum.ts';
import { compared } from './log-batch.ts';
import { MoveError } from './move-error.ts';
import type { MovingSource, MovingTarget, Place, ReadableStore } from './moving-store.ts';
import { type MovedRow, type MovedTable, movedTables, withoutNul } from './tables.ts';

/** What is under way, for people. */
export interface MoveProgress {
  readonly doing: 'move' | 'compare';
  readonly table: string;
  readonly done: number;
  /** As many as there are, about. */
  readonly of: number;
}

export interface MoveOptions {
  readonly source: ReadableStore;
  readonly target: MovingTarget;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MoveProgress) => void;
}

/** A table as it is in both stores. */
export interface MovedCount extends Checksum {
  readonly table: string;
}

/** Steps of a move, by their number in {@link Place}: the ordinary tables, then the log, then what finds cut events. */
const steps = {
  log: movedTables.length,
  terms: movedTables.length + 1,
  all: movedTables.length + 2,
} as const;

/**
 * Moves everything from one store to another that is empty, or that the same move has begun to fill, and compares the two. All of
 * it is read in the order of keys, a bounded part at a time; each part and how far it is are written together, so that a move that
 * was ended goes on where it was. Behind it no gateway starts on the store that it was in.
 *
 * @returns what both hold
 * @throws {MoveError} where the two do not hold the same in the end, or it was stopped
 */
export async function moveAll(options: MoveOptions): Promise<readonly MovedCount[]> {
  const { source, target } = options;
  const counts = await source.counts();
  let place = (await target.place()) ?? { step: 0, after: null };
  if (place.step === 0 && place.after === null) await target.prepare(await source.days());
  for (const [step, table] of movedTables.entries()) {
    if (place.step <= step) place = await moveTable(options, table, step, place, counts.get(table.name) ?? 0);
  }
  if (place.step <= steps.log) place = await moveLog(options, place, counts.get('events') ?? 0);
  if (place.step <= steps.terms) place = await moveTerms(options, place);
  const same = await compare(options, counts);
  // In this order gateways can be at work on one of them at most, wherever this process ends.
  await source.handedOver(target.label);
  await target.complete();
  return same;
}

async function moveTable(
  { source, target, signal, onProgress }: MoveOptions,
  table: MovedTable,
  step: number,
  from: Place,
  of: number,
): Promise<Place> {
  let after = from.step === step ? from.after : null;
  for (let done = 0; ; ) {
    checkStopped(signal);
    const isFirst = after === null;
    const { rows, next } = await source.table(table, after);
    const place = next === null ? { step: step + 1, after: null } : { step, after: next };
    await target.putRows(table, rows, isFirst, place);
    done += rows.length;
    onProgress({ doing: 'move', table: table.name, done, of });
    if (next === null) return place;
    after = next;
  }
}

async function moveLog(
  { source, target, signal, onProgress }: MoveOptions,
  from: Place,
  of: number,
): Promise<Place> {
  let after = from.step === steps.log ? Number(from.after?.[0] ?? 0) : 0;
  let done = from.step === steps.log ? Number(from.after?.[1] ?? 0) : 0;
  let writing: Promise<void> = Promise.resolve();
  for (;;) {
    checkStopped(signal);
    // The next is read while one is written.
    const batch = await source.log(after).catch(async (error: unknown) => {
      await writing.catch(() => {});
      throw error;
    });
    await writing;
    const last = batch?.events.at(-1)?.seq;
    if (!batch || last === undefined) return { step: steps.terms, after: null };
    after = last;
    done += batch.events.length;
    writing = target.putLog(batch, { step: steps.log, after: [after, done] });
    // It is awaited in the next turn.
    writing.catch(() => {});
    onProgress({ doing: 'move', table: 'events', done, of });
  }
}

async function moveTerms({ source, target, signal }: MoveOptions, from: Place): Promise<Place> {
  let after = from.step === steps.terms ? from.after : null;
  for (;;) {
    checkStopped(signal);
    const { terms, next } = await source.looseTerms(after);
    const place = next === null ? { step: steps.all, after: null } : { step: steps.terms, after: next };
    await target.putTerms(terms, place);
    if (next === null) return place;
    after = next;
  }
}

/** Reads both to their end. @throws {MoveError} where they differ */
async function compare(
  { source, target, signal, onProgress }: MoveOptions,
  counts: ReadonlyMap<string, number>,
): Promise<readonly MovedCount[]> {
  const same: MovedCount[] = [];
  const different: string[] = [];
  const note = (table: string, here: Checksum, there: Checksum): void => {
    same.push({ table, ...there });
    if (here.rows === there.rows && here.sum === there.sum) return;
    different.push(`${table} (${here.rows} rows, ${here.sum} there, ${there.rows} rows, ${there.sum} here)`);
  };
  for (const table of movedTables) {
    checkStopped(signal);
    onProgress({ doing: 'compare', table: table.name, done: 0, of: counts.get(table.name) ?? 0 });
    note(table.name, await sumOfTable(source, table), await sumOfTable(target, table));
  }
  const tell = (done: number): void =>
    onProgress({ doing: 'compare', table: 'events', done, of: 2 * (counts.get('events') ?? 0) });
  const here = await sumsOfLog(source, signal, tell);
  const there = await sumsOfLog(target, signal, (done) => tell(done + here.events.rows));
  for (const table of ['events', 'deliveries', 'attempts'] as const) {
    note(table, here[table], there[table]);
    // What belongs to no event is left where it is.
    const all = counts.get(table) ?? 0;
    if (here[table].rows !== all)
      different.push(`${table} (${all} rows there, ${here[table].rows} of them of events)`);
  }
  if (different.length === 0) return same;
  throw new MoveError(
    'data',
    `${source.label} and ${target.label} do not hold the same: ${different.join('; ')}. Was a gateway at work on one of them ` +
      'since the move began? Empty the new store, and begin again.',
  );
}

async function sumOfTable(store: MovingSource, table: MovedTable): Promise<Checksum> {
  const summing = createSumming();
  const columns = Object.keys(table.columns).filter((name) => !table.notCompared?.includes(name));
  for (let after: Awaited<ReturnType<MovingSource['table']>>['next'] = null; ; ) {
    const { rows, next } = await store.table(table, after);
    for (const row of rows) summing.add(columns.map((name) => comparable(row[name])));
    if (next === null) return summing.result();
    after = next;
  }
}

function comparable(value: MovedRow[string] | undefined): unknown {
  return typeof value === 'string' ? withoutNul(value) : (value ?? null);
}

async function sumsOfLog(
  store: MovingSource,
  signal: AbortSignal,
  tell: (events: number) => void,
): Promise<Readonly<Record<keyof typeof compared, Checksum>>> {
  const sums = { events: createSumming(), deliveries: createSumming(), attempts: createSumming() };
  let done = 0;
  for (let after = 0; ; ) {
    checkStopped(signal);
    const batch = await store.log(after);
    if (!batch) break;
    for (const event of batch.events) sums.events.add(compared.events(event));
    for (const delivery of batch.deliveries) sums.deliveries.add(compared.deliveries(delivery));
    for (const attempt of batch.attempts) sums.attempts.add(compared.attempts(attempt));
    after = batch.events.at(-1)?.seq ?? Number.MAX_SAFE_INTEGER;
    done += batch.events.length;
    tell(done);
  }
  return {
    events: sums.events.result(),
    deliveries: sums.deliveries.result(),
    attempts: sums.attempts.result(),
  };
}

function checkStopped(signal: AbortSignal): void {
  if (signal.aborted) {
    throw new MoveError(
      'failed',
      'Stopped. Run the same `hookwire move` again, and it goes on where it was.',
    );
  }
}
