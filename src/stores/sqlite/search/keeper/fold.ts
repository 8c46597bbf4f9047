import type { DatabaseSync } from 'node:sqlite';
import { prepare } from '../../reader/work.ts';
import { type Run, runStates } from '../runs/tables.ts';
import { beginRun } from './begin-run.ts';
import { createRunWriter, type RunWriter } from './run-writer.ts';
import type { TailPart } from './tail.ts';

/** Brings a part of the tail into runs, which come into use together. One that is not ended is begun anew. */
export interface Fold {
  /** Makes so many chunks ready, or the rest; whether that was all. Writes nothing. */
  advance(chunks: number): boolean;
  /** Writes what is ready; call inside a transaction. */
  write(): void;
  /** All is written: it comes into use; call inside that transaction. */
  end(): void;
}

/** Call inside a transaction. */
export function beginFold(db: DatabaseSync, { lastId, byKind }: TailPart): Fold {
  const parts = byKind.map(({ kind, pairs }) => {
    const [first, last] = bounds(pairs.seqs);
    const run = beginRun(db, { kind, level: 0, first, last, pairs: pairs.terms.length });
    return { run, pairs, writer: createRunWriter(db, run), at: 0 };
  });

  return {
    advance(chunks) {
      for (const part of parts) {
        const { writer, pairs } = part;
        const { terms, seqs } = pairs;
        while (part.at < terms.length) {
          if (readyOf(parts) >= chunks) return false;
          writer.add(terms[part.at] ?? 0, seqs[part.at] ?? 0);
          if (++part.at === terms.length) writer.end();
        }
      }
      return true;
    },
    write() {
      for (const { writer } of parts) if (writer.ready > 0) writer.write();
    },
    end() {
      const use = prepare(db, `UPDATE index_runs SET state = ${runStates.inUse} WHERE run = ?`);
      for (const { run } of parts) use.run(run.run);
      prepare(db, 'UPDATE index_state SET version = version + 1, folded = ?').run(lastId);
    },
  };
}

function readyOf(parts: readonly { readonly run: Run; readonly writer: RunWriter }[]): number {
  return parts.reduce((sum, { writer }) => sum + writer.ready, 0);
}

function bounds(seqs: Float64Array): readonly [first: number, last: number] {
  let first = Number.MAX_SAFE_INTEGER;
  let last = 0;
  for (const seq of seqs) {
    if (seq < first) first = seq;
    if (seq > last) last = seq;
  }
  return [first, last];
}
