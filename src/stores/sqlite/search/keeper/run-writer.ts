import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { type ChunkWriter, createChunkWriter } from '../runs/chunk.ts';
import { addToBlock, blockBytes, blockOf } from '../runs/filter.ts';
import { chunkAt, chunksInRun, type Run } from '../runs/tables.ts';

/** Writes a run that was begun, from pairs that come sorted. */
export interface RunWriter {
  /** Chunks that are made and not written. */
  readonly ready: number;
  add(term: number, seq: number): void;
  /** No more pairs come. */
  end(): void;
  /** Writes what is ready; call inside a transaction. */
  write(): void;
  /** The pair behind which the run goes on, as far as it is on disk; `null`: at its beginning. */
  readonly position: { readonly term: number; readonly seq: number } | null;
}

interface Ready {
  readonly bytes: Uint8Array;
  readonly term: number;
  readonly seq: number;
}

export function createRunWriter(db: DatabaseSync, { run, first, blocks, abreast, chunks }: Run): RunWriter {
  const chunk: ChunkWriter = createChunkWriter(first);
  let ready: Ready[] = [];
  let written = chunks;
  const position = written === 0 ? null : lastPairOf(db, run, written);
  let block = position && blocks > 0 ? blockOf(position.term, blocks) : 0;
  /** The row that is being made: it is written once, when it is full. */
  let bits = blocks > 0 && position ? writtenRow(block) : emptyRow(block);
  let rows = new Map<number, Uint8Array>();

  function rowOf(at: number): number {
    return Math.floor(at / abreast);
  }

  /** Of the row in which a block is. */
  function emptyRow(at: number): Uint8Array {
    return new Uint8Array(Math.min(abreast, blocks - rowOf(at) * abreast) * blockBytes);
  }

  /** As it is by the chunks that are written: some at the end. */
  function writtenRow(at: number): Uint8Array {
    const made = emptyRow(at);
    for (let number = written - 1; number >= 0; number--) {
      for (const term of chunkAt(db, run, number).terms) {
        const own = blockOf(term, blocks);
        if (rowOf(own) < rowOf(at)) return made;
        addToBlock(made, (own % abreast) * blockBytes, term);
      }
    }
    return made;
  }

  function cut(): void {
    if (chunk.pairs === 0) return;
    const { firstTerm: term, firstSeq: seq } = chunk;
    ready.push({ bytes: chunk.take(), term, seq });
  }

  return {
    position,
    get ready() {
      return ready.length;
    },
    add(term, seq) {
      if (blocks > 0) {
        const own = blockOf(term, blocks);
        if (own !== block) {
          cut();
          if (rowOf(own) !== rowOf(block)) {
            rows.set(rowOf(block), bits);
            bits = emptyRow(own);
          }
          block = own;
        }
        if (chunk.isFull) cut();
        addToBlock(bits, (block % abreast) * blockBytes, term);
      } else if (chunk.isFull) cut();
      chunk.add(term, seq);
    },
    end() {
      cut();
      if (blocks > 0) rows.set(rowOf(block), bits);
    },
    write() {
      const insertChunk = prepare(db, 'INSERT OR REPLACE INTO index_chunks (id, pairs) VALUES (?, ?)');
      const insertPlace = prepare(
        db,
        'INSERT OR REPLACE INTO index_places (run, term, seq, chunk) VALUES (?, ?, ?, ?)',
      );
      const insertFilter = prepare(db, 'INSERT OR REPLACE INTO index_filters (id, bits) VALUES (?, ?)');
      for (const { bytes, term, seq } of ready) {
        insertChunk.run(run * chunksInRun + written, bytes);
        insertPlace.run(run, term, seq, written++);
      }
      for (const [at, made] of rows) insertFilter.run(run * chunksInRun + at, made);
      prepare(db, 'UPDATE index_runs SET chunks = ? WHERE run = ?').run(written, run);
      ready = [];
      rows = new Map();
    },
  };
}

/** A row of a run's filter. */
export function filterOf(db: DatabaseSync, run: number, row: number): Uint8Array | undefined {
  const found = prepare(db, 'SELECT bits FROM index_filters WHERE id = ?').get(run * chunksInRun + row);
  return found?.bits as Uint8Array | undefined;
}

/** What is last of its chunks; some may be gone (`forget.ts`). */
function lastPairOf(db: DatabaseSync, run: number, chunks: number): RunWriter['position'] {
  for (let at = chunks - 1; at >= 0; at--) {
    const { terms, seqs, length } = chunkAt(db, run, at);
    if (length > 0) return { term: terms[length - 1] ?? 0, seq: seqs[length - 1] ?? 0 };
  }
  return null;
}
