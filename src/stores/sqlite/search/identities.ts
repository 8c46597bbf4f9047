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
 * identity. The newest are, of 40 million; of others a part is read from the disk each time, some 4 µs a run.
 */
export interface Identities {
  /** Sees what has come into use or gone; what the tail's rows up to `folded` had is in runs. */
  refresh(): { readonly folded: number };
  /** Numbers that may have this identity. */
  find(kind: RunKind, term: number): readonly number[];
}

const mostFilterBytes = 64 * 1024 * 1024;
const everything = { from: 0, before: Number.MAX_SAFE_INTEGER };
const none: readonly number[] = [];

interface Loaded {
  readonly run: Run;
  /** `null`: it stays on the disk. */
  readonly bits: Uint8Array | null;
}

export function createIdentities(db: DatabaseSync): Identities {
  let known = -1;
  let byKind: Readonly<Record<RunKind, readonly Loaded[]>> = { 0: [], 1: [], 2: [] };

  function load(): void {
    const before = new Map([...byKind[1], ...byKind[2]].map((each) => [each.run.run, each]));
    const runs = runsWhere(
      db,
      `state = ${runStates.inUse} AND kind != ${runKinds.search} ORDER BY last DESC`,
    );
    let room = mostFilterBytes;
    const loaded = runs.map((run): Loaded => {
      room -= run.blocks * blockBytes;
      const bits = room >= 0 ? (before.get(run.run)?.bits ?? bitsOf(db, run)) : null;
      return { run, bits };
    });
    const ofKind = (kind: RunKind): readonly Loaded[] => loaded.filter(({ run }) => run.kind === kind);
    byKind = { 0: [], 1: ofKind(runKinds.report), 2: ofKind(runKinds.ownId) };
  }

  function mayHave({ run, bits }: Loaded, term: number): boolean {
    const block = blockOf(term, run.blocks);
    if (bits) return mayBeInBlock(bits, block * blockBytes, term);
    const read = filterOf(db, run.run, block);
    return read !== undefined && mayBeInBlock(read, 0, term);
  }

  return {
    refresh() {
      const { version, folded } = indexState(db);
      if (version !== known) load();
      known = version;
      return { folded };
    },
    find(kind, term) {
      let found = none;
      for (const loaded of byKind[kind]) {
        if (!mayHave(loaded, term)) continue;
        for (const seq of inRun(db, loaded.run, [{ from: term, before: term + 1 }], everything)) {
          if (seq !== null) found = found.concat(seq);
        }
      }
      return found;
    },
  };
}

function bitsOf(db: DatabaseSync, { run, blocks }: Run): Uint8Array {
  const bits = new Uint8Array(blocks * blockBytes);
  const rows = prepare(db, 'SELECT id, bits FROM index_filters WHERE id >= ? AND id < ?');
  for (const row of rows.iterate(run * chunksInRun, (run + 1) * chunksInRun)) {
    bits.set(row.bits as Uint8Array, (Number(row.id) % chunksInRun) * blockBytes);
  }
  return bits;
}
