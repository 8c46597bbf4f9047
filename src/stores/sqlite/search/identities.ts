import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../reader/work.ts';
import type { Span } from './found.ts';
import { createGenerations, type GenerationSizes, type Generations } from './generations.ts';
import { filterOf } from './keeper/run-writer.ts';
import { blockBytes, blockOf, mayBeInBlock } from './runs/filter.ts';
import { inRun } from './runs/in-run.ts';
import {
  chunksInRun,
  indexState,
  type Run,
  type RunKind,
  runKinds,
  runStates,
  runsWhere,
} from './runs/tables.ts';

/**
 * Identities as the writer asks for them: almost always for what is not there. Those that were added since this process began are in
 * generations in memory (`generations.ts`); of what these have nothing like, no run needs to be asked that has no more than they
 * have. Of the other runs, those of before, the filters are in memory, 12 bits for an identity too: together those of the newest
 * 89 million. Of such a run a part is read at each commit; what is asked for before it is there, and what has no room, is read
 * from the disk, some 5 µs a run.
 */
export interface Identities {
  /**
   * Sees what has come into use or gone, and reads some of its filters; what the tail's rows up to `folded` had is in runs.
   *
   * @param recent so many of those that were added last may be in no run yet
   */
  refresh(recent: number): { readonly folded: number };
  /** Reads filters, the newest first, for so many ms at most: before anybody waits for a commit. */
  warm(mostMs: number): void;
  /** One that came: of all that come into the tail behind those of the runs that there are now. */
  add(kind: RunKind, term: number, seq: number): void;
  /** `false`: none was added that is like this. */
  mayBeAdded(kind: RunKind, term: number): boolean;
  /** Numbers that may have this identity, of those in runs. */
  find(kind: RunKind, term: number): readonly number[];
}

export interface IdentitiesOptions {
  /** Of filters in memory. */
  readonly mostBytes: number;
  /** Rows of filters, a page each, that are read at each commit. */
  readonly rowsAtOnce: number;
  readonly generations?: GenerationSizes;
}

/** A whole filter of 3.3 million identities took 44 ms of a commit and one of 24 million 292; 50 rows take 0.6. */
const defaults: IdentitiesOptions = { mostBytes: 128 * 1024 * 1024, rowsAtOnce: 50 };
const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };
const none: readonly number[] = [];
const nowhere: readonly Span[] = [];

/** What is known of a kind. */
interface OfKind {
  readonly generations: Generations;
  /** A run of which all numbers are above this one has nothing that is not in generations. */
  floor: number;
  /** The newest first. */
  runs: readonly Filter[];
  /** Those of them that generations do not answer for. */
  others: readonly Filter[];
}

interface Filter {
  readonly run: Run;
  /** The run's; a row of the database is dearer to look into. */
  readonly blocks: number;
  readonly abreast: number;
  /** `null`: it stays on the disk. */
  readonly bits: Uint8Array | null;
  /** By row: 1 where it was read. */
  readonly isRead: Uint8Array;
  /** Rows before this one were read. */
  readUpTo: number;
}

export function createIdentities(
  db: DatabaseSync,
  { mostBytes, rowsAtOnce, generations: sizes }: IdentitiesOptions = defaults,
): Identities {
  let known = -1;
  const floor = Number(prepare(db, 'SELECT max(last) AS last FROM index_runs').get()?.last ?? 0);
  const ofKind = (): OfKind => ({ generations: createGenerations(sizes), floor, runs: [], others: [] });
  const byKind: Readonly<Record<RunKind, OfKind>> = { 0: ofKind(), 1: ofKind(), 2: ofKind() };
  /** What was asked for last, and where it may be: it is asked for in the tail first and then in runs. */
  const asked: { kind: RunKind; term: number; where: readonly Span[] } = {
    kind: 0,
    term: -1,
    where: nowhere,
  };
  /** Those of which something is to be read, the newest first. */
  let unread: Filter[] = [];

  function see(): void {
    const kinds = [byKind[runKinds.report], byKind[runKinds.ownId]];
    const before = new Map(kinds.flatMap(({ runs }) => runs).map((each) => [each.run.run, each]));
    const runs = runsWhere(
      db,
      `state = ${runStates.inUse} AND kind != ${runKinds.search} ORDER BY last DESC`,
    );
    let room = mostBytes - kinds.reduce((sum, { generations }) => sum + generations.bytes, 0);
    const isAnswered = ({ kind, first }: Run): boolean => first > byKind[kind].floor;
    const filters = new Map<number, Filter>();
    // Of the others rows are kept that were asked for, where there is room for them.
    for (const run of [...runs.filter((each) => !isAnswered(each)), ...runs.filter(isAnswered)]) {
      const bytes = run.blocks * blockBytes;
      room -= bytes;
      const kept = before.get(run.run);
      const isSame = kept && (kept.bits !== null) === room >= 0;
      filters.set(run.run, isSame ? kept : emptyFilter(run, room >= 0 ? bytes : null));
    }
    const inOrder = runs.map(({ run }) => filters.get(run)).filter((filter) => filter !== undefined);
    for (const kind of [runKinds.report, runKinds.ownId]) {
      byKind[kind].runs = inOrder.filter(({ run }) => run.kind === kind);
      byKind[kind].others = byKind[kind].runs.filter(({ run }) => !isAnswered(run));
    }
    unread = inOrder.filter(
      ({ run, bits, isRead, readUpTo }) => bits !== null && readUpTo < isRead.length && !isAnswered(run),
    );
  }

  /** Lets generations go whose runs are gone, and the oldest while there is no room. */
  function trim(recent: number): void {
    for (const kind of [runKinds.report, runKinds.ownId]) {
      const { generations, runs } = byKind[kind];
      const oldest = runs.reduce((first, { run }) => Math.min(first, run.first), Number.MAX_SAFE_INTEGER);
      if (runs.length > 0) lower(kind, recent, oldest);
      const { generations: others } = byKind[kind === runKinds.report ? runKinds.ownId : runKinds.report];
      const isLonger = generations.bytes >= others.bytes;
      if (isLonger && generations.bytes + others.bytes > mostBytes)
        lower(kind, recent, Number.MAX_SAFE_INTEGER);
    }
  }

  function lower(kind: RunKind, recent: number, before: number): void {
    const last = byKind[kind].generations.dropOldest(recent, before);
    if (last === null) return;
    byKind[kind].floor = Math.max(byKind[kind].floor, last);
    known = -1;
  }

  function whereAdded(kind: RunKind, term: number): readonly Span[] {
    if (asked.term !== term || asked.kind !== kind) {
      asked.kind = kind;
      asked.term = term;
      asked.where = byKind[kind].generations.find(term);
    }
    return asked.where;
  }

  /** Reads the next rows. */
  function read(rows: number): void {
    const [filter] = unread;
    if (!filter) return;
    const start = filter.run.run * chunksInRun;
    const upTo = Math.min(filter.readUpTo + rows, filter.isRead.length);
    const found = prepare(db, 'SELECT id, bits FROM index_filters WHERE id >= ? AND id < ?');
    for (const { id, bits } of found.iterate(start + filter.readUpTo, start + upTo)) {
      keep(filter, Number(id) - start, bits as Uint8Array);
    }
    filter.readUpTo = upTo;
    if (upTo === filter.isRead.length) unread.shift();
  }

  function mayHave(filter: Filter, term: number): boolean {
    const { run, bits, blocks, abreast, isRead, readUpTo } = filter;
    const block = blockOf(term, blocks);
    const row = Math.floor(block / abreast);
    if (bits !== null && (row < readUpTo || isRead[row] === 1))
      return mayBeInBlock(bits, block * blockBytes, term);
    const found = filterOf(db, run.run, row);
    if (!found) return false;
    keep(filter, row, found);
    return mayBeInBlock(found, (block % abreast) * blockBytes, term);
  }

  return {
    refresh(recent) {
      trim(recent);
      const { version, folded } = indexState(db);
      if (version !== known) see();
      known = version;
      read(rowsAtOnce);
      return { folded };
    },
    warm(mostMs) {
      const began = performance.now();
      while (unread.length > 0 && performance.now() - began < mostMs) read(rowsAtOnce);
    },
    add(kind, term, seq) {
      byKind[kind].generations.add(term, seq);
      asked.term = -1;
    },
    mayBeAdded: (kind, term) => whereAdded(kind, term).length > 0,
    find(kind, term) {
      const { runs, others, floor: answered } = byKind[kind];
      const where = whereAdded(kind, term);
      let found = none;
      for (const filter of where.length === 0 ? others : runs) {
        const { first, last } = filter.run;
        if (first > answered && !where.some(({ from, before }) => first < before && last >= from)) continue;
        if (!mayHave(filter, term)) continue;
        for (const seq of inRun(db, filter.run, [{ from: term, before: term + 1 }], everything)) {
          if (seq !== null) found = found.concat(seq);
        }
      }
      return found;
    },
  };
}

/** @param bytes `null`: it has no room */
function emptyFilter(run: Run, bytes: number | null): Filter {
  const { blocks, abreast } = run;
  return {
    ...{ run, blocks, abreast, readUpTo: 0 },
    bits: bytes === null ? null : new Uint8Array(bytes),
    isRead: new Uint8Array(Math.ceil(blocks / abreast)),
  };
}

function keep({ abreast, bits, isRead }: Filter, row: number, found: Uint8Array): void {
  if (bits === null) return;
  bits.set(found, row * abreast * blockBytes);
  isRead[row] = 1;
}
