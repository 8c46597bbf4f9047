import type { DatabaseSync } from 'node:sqlite';
import { hash53 } from '../../../search/terms.ts';
import { prepare } from '../../reader/work.ts';

/**
 * What one transaction has erased: these numbers are to be found by none of these terms any more. All of it was erased, so
 * that the terms of one event may go with the numbers of another, in other parts too.
 */
export interface ForgottenPart {
  readonly terms: readonly number[];
  /** The same in runs of reports and own ids. */
  readonly identities: readonly number[];
  readonly seqs: readonly number[];
}

/** Parts that are taken out together: the tail is read once for them, and each chunk is written once. */
export interface AskedToForget {
  readonly parts: readonly (ForgottenPart & { readonly id: number })[];
  /** The erasure of which the last part is: those behind it come first the next time. */
  readonly erasure: number;
}

/** What says in `index_forgotten` of which erasure it is. */
export function erasureKey(taskId: string): number {
  return hash53(taskId);
}

/** Events that go together, and how many of one erasure while others wait. Of 8,000 some 30,000 terms are in memory. */
const together = 8_000;
const ofOne = 4_000;

/** Asks that a part be forgotten; inside the transaction that erases it. */
export function askToForget(db: DatabaseSync, erasure: number, part: ForgottenPart): void {
  prepare(db, 'INSERT INTO index_forgotten (erasure, terms, identities, seqs) VALUES (?, ?, ?, ?)').run(
    erasure,
    ...[part.terms, part.identities, part.seqs].map((numbers) => JSON.stringify(numbers)),
  );
}

/**
 * The next parts, by turns of the erasures, so that a small one does not wait for the end of a huge one. `null`: there are
 * none.
 *
 * @param after the erasure of which the last ones were
 */
export function nextForgotten(db: DatabaseSync, after: number): AskedToForget | null {
  const parts: AskedToForget['parts'][number][] = [];
  let erasure = after;
  let events = 0;
  const seen = new Set<number>();
  for (
    let next = erasureBehind(db, after);
    next !== null && events < together;
    next = erasureBehind(db, next)
  ) {
    if (seen.has(next)) break;
    seen.add(next);
    erasure = next;
    let own = 0;
    const rows = prepare(db, 'SELECT * FROM index_forgotten WHERE erasure = ? ORDER BY id');
    for (const row of rows.iterate(next)) {
      const [terms, identities, seqs] = [row.terms, row.identities, row.seqs].map(numbersOf);
      if (!terms || !identities || !seqs) continue;
      parts.push({ id: Number(row.id), terms, identities, seqs });
      own += seqs.length;
      if (own >= ofOne) break;
    }
    events += own;
  }
  return parts.length === 0 ? null : { parts, erasure };
}

/** Parts that are in the index no more are asked for no longer; call inside a transaction. */
export function endForgotten(db: DatabaseSync, parts: AskedToForget['parts']): void {
  const end = prepare(db, 'DELETE FROM index_forgotten WHERE id = ?');
  for (const { id } of parts) end.run(id);
}

/** The next erasure that asked for something, from the first again behind the last. */
function erasureBehind(db: DatabaseSync, erasure: number): number | null {
  const behind = prepare(
    db,
    'SELECT erasure FROM index_forgotten WHERE erasure > ? ORDER BY erasure LIMIT 1',
  ).get(erasure);
  const next = behind ?? prepare(db, 'SELECT min(erasure) AS erasure FROM index_forgotten').get();
  return next?.erasure == null ? null : Number(next.erasure);
}

function numbersOf(text: unknown): readonly number[] {
  return JSON.parse(String(text)) as number[];
}
