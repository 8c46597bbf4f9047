import type { DatabaseSync } from 'node:sqlite';
import { type Chunk, placeIn } from '../runs/chunk.ts';
import { chunkAt, chunkFor, indexState, type Run } from '../runs/tables.ts';
import { createHeads } from './heads.ts';
import { createRunWriter, type RunWriter } from './run-writer.ts';

/** Several runs on their way to one. What is on disk of it is enough to go on from, at any time. */
export interface Merge {
  readonly target: Run;
  /** Makes so many chunks ready, or the rest; whether that was all. Writes nothing. */
  advance(chunks: number): boolean;
  readonly writer: RunWriter;
}

interface Input {
  readonly run: Run;
  chunk: Chunk;
  number: number;
  at: number;
}

/** @param target a run that was begun; it goes on behind what it has */
export function createMerge(db: DatabaseSync, target: Run, sources: readonly Run[]): Merge {
  const writer = createRunWriter(db, target);
  const { dropped } = indexState(db);
  const inputs = sources.map((run) => inputAt(db, run, writer.position)).filter((input) => fill(db, input));
  const heads = createHeads(
    Float64Array.from(inputs, ({ chunk, at }) => chunk.terms[at] ?? 0),
    Float64Array.from(inputs, ({ chunk, at }) => chunk.seqs[at] ?? 0),
  );
  let lastTerm = -1;
  let lastSeq = -1;

  /** What is gone is left out, and what is there twice. */
  function add(term: number, seq: number): void {
    if (seq > dropped && (term !== lastTerm || seq !== lastSeq)) writer.add(term, seq);
    lastTerm = term;
    lastSeq = seq;
  }

  /** The pairs of a chunk that come before those of all other inputs: thousands, of a term of many events. */
  function addStretch(input: Input, chunks: number): void {
    heads.findSecond();
    const { term: endTerm, seq: endSeq } = heads.second;
    const { terms, seqs, length } = input.chunk;
    let { at } = input;
    do {
      add(terms[at] ?? 0, seqs[at] ?? 0);
      at++;
    } while (
      at < length &&
      writer.ready < chunks &&
      ((terms[at] ?? 0) < endTerm || ((terms[at] ?? 0) === endTerm && (seqs[at] ?? 0) < endSeq))
    );
    input.at = at;
  }

  return {
    target,
    writer,
    advance(chunks) {
      let before = -1;
      while (writer.ready < chunks) {
        const first = heads.first();
        const input = inputs[first];
        if (!input) {
          writer.end();
          return true;
        }
        if (first === before) addStretch(input, chunks);
        else {
          add(input.chunk.terms[input.at] ?? 0, input.chunk.seqs[input.at] ?? 0);
          input.at++;
        }
        before = first;
        if (input.at < input.chunk.length || fill(db, input)) {
          heads.next(input.chunk.terms[input.at] ?? 0, input.chunk.seqs[input.at] ?? 0);
        } else heads.end();
      }
      return false;
    },
  };
}

function inputAt(db: DatabaseSync, run: Run, position: RunWriter['position']): Input {
  if (position === null) return { run, number: -1, chunk: chunkAt(db, run.run, -1), at: 0 };
  const { term, seq } = position;
  const number = chunkFor(db, run.run, term, seq);
  const chunk = chunkAt(db, run.run, number);
  return { run, number, chunk, at: placeIn(chunk, term, seq + 1) };
}

/** Sees to it that there is a next pair; `false`: there is none. Chunks may be gone (`forget.ts`). */
function fill(db: DatabaseSync, input: Input): boolean {
  while (input.at >= input.chunk.length) {
    if (++input.number >= input.run.chunks) return false;
    input.chunk = chunkAt(db, input.run.run, input.number);
    input.at = 0;
  }
  return true;
}
