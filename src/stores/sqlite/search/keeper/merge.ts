import type { DatabaseSync } from 'node:sqlite';
import { type Chunk, placeIn } from '../runs/chunk.ts';
import { chunkAt, chunkFor, indexState, type Run } from '../runs/tables.ts';
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
  /** The next pair of each, beside each other: all are compared for each pair that is written. */
  const nextTerms = new Float64Array(inputs.length);
  const nextSeqs = new Float64Array(inputs.length);
  inputs.forEach(show);

  function show({ chunk, at }: Input, place: number): void {
    nextTerms[place] = chunk.terms[at] ?? 0;
    nextSeqs[place] = chunk.seqs[at] ?? 0;
  }

  return {
    target,
    writer,
    advance(chunks) {
      let [lastTerm, lastSeq] = [-1, -1];
      while (writer.ready < chunks && inputs.length > 0) {
        let best = 0;
        let term = nextTerms[0] ?? 0;
        let seq = nextSeqs[0] ?? 0;
        for (let i = 1; i < inputs.length; i++) {
          const other = nextTerms[i] ?? 0;
          if (other > term) continue;
          const number = nextSeqs[i] ?? 0;
          if (other === term && number >= seq) continue;
          best = i;
          term = other;
          seq = number;
        }
        // What is gone is left out, and what is there twice.
        if (seq > dropped && (term !== lastTerm || seq !== lastSeq)) writer.add(term, seq);
        lastTerm = term;
        lastSeq = seq;
        const input = inputs[best] as Input;
        if (++input.at < input.chunk.length || fill(db, input)) show(input, best);
        else {
          inputs.splice(best, 1);
          inputs.forEach(show);
        }
      }
      if (inputs.length > 0) return false;
      writer.end();
      return true;
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
