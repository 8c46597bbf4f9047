import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../reader/work.ts';
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
 * Runs of identities as the writer asks them: almost always for what is not there, so their filters are in memory, 12 bits for an
 * identity: those of the newest 67 million. Of a run that comes into use a part is read at each commit; what is asked for before
 * it is there, and what has no room, is read from the disk, some 5 µs a run.
 */
export interface Identities {
  /** Sees what has come into use or gone, and reads some of its filters; what the tail's rows up to `folded` had is in runs. */
  refresh(): { readonly folded: number };
  /** Reads filters, the newest first, for so many ms at most: before anybody waits for a commit. */
  warm(mostMs: number): void;
  /** Numbers that may have this identity. */
  find(kind: RunKind, term: number): readonly number[];
}

export interface IdentitiesOptions {
  /** Of filters in memory. */
  readonly mostBytes: number;
  /** Rows of filters, a page each, that are read at each commit. */
  readonly rowsAtOnce: number;
}

/** A whole filter of 3.3 million identities took 44 ms of a commit and one of 24 million 292; 50 rows take 0.6. */
const defaults: IdentitiesOptions = { mostBytes: 96 * 1024 * 1024, rowsAtOnce: 50 };
const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };
const none: readonly number[] = [];

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
  { mostBytes, rowsAtOnce }: IdentitiesOptions = defaults,
): Identities {
  let known = -1;
  let byKind: Readonly<Record<RunKind, readonly Filter[]>> = { 0: [], 1: [], 2: [] };
  /** Those of which something is to be read, the newest first. */
  let unread: Filter[] = [];

  function see(): void {
    const before = new Map([...byKind[1], ...byKind[2]].map((each) => [each.run.run, each]));
    const runs = runsWhere(
      db,
      `state = ${runStates.inUse} AND kind != ${runKinds.search} ORDER BY last DESC`,
    );
    let room = mostBytes;
    const filters = runs.map((run) => {
      const bytes = run.blocks * blockBytes;
      room -= bytes;
      const kept = before.get(run.run);
      return kept && (kept.bits !== null) === room >= 0 ? kept : emptyFilter(run, room >= 0 ? bytes : null);
    });
    const ofKind = (kind: RunKind): readonly Filter[] => filters.filter(({ run }) => run.kind === kind);
    byKind = { 0: [], 1: ofKind(runKinds.report), 2: ofKind(runKinds.ownId) };
    unread = filters.filter(({ bits, isRead, readUpTo }) => bits !== null && readUpTo < isRead.length);
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
    refresh() {
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
    find(kind, term) {
      let found = none;
      for (const filter of byKind[kind]) {
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
