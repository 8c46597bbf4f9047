import type { DatabaseSync } from 'node:sqlite';
import { bucketCount, bucketOf } from '../../../search/terms.ts';
import { prepare } from '../../reader/work.ts';
import { bytesOf, decodePairs } from '../pairs.ts';
import { indexState } from '../runs/tables.ts';
import type { Forgotten } from './forget.ts';

/** Buckets, or identities, that go at once. */
const bucketsTogether = 16;
const identitiesTogether = 1_000;

/** Takes away some of what was indexed before and is dropped (`former-index.ts`); whether there was something. Call inside a transaction. */
export function dropFormer(db: DatabaseSync): boolean {
  const { dropped, unkeyed } = indexState(db);
  const run = prepare(db, 'SELECT run FROM search_runs WHERE last <= ? LIMIT 1').get(dropped)?.run;
  if (run !== undefined) {
    const from = Number(run) * bucketCount;
    const { changes } = prepare(
      db,
      `DELETE FROM search_buckets WHERE id IN
       (SELECT id FROM search_buckets WHERE id >= ? AND id < ? LIMIT ${bucketsTogether})`,
    ).run(from, from + bucketCount);
    if (changes === 0) prepare(db, 'DELETE FROM search_runs WHERE run = ?').run(run);
    return true;
  }
  // They lie by term: those of one age cannot be told from the others.
  if (dropped < unkeyed) return false;
  const { changes } = prepare(
    db,
    `DELETE FROM event_identities WHERE (term, event) IN
     (SELECT term, event FROM event_identities LIMIT ${identitiesTogether})`,
  ).run();
  return changes > 0;
}

/** Buckets that have one of these terms. */
export function formerBucketsToForgetIn(db: DatabaseSync, { terms }: Forgotten): readonly number[] {
  const buckets = [...new Set([...terms].map(bucketOf))];
  const runs = prepare(db, 'SELECT run FROM search_runs').all();
  return runs.flatMap(({ run }) => buckets.map((bucket) => Number(run) * bucketCount + bucket));
}

/** Writes a bucket anew without what is forgotten; call inside a transaction. */
export function forgetInFormerBucket(db: DatabaseSync, id: number, { terms, seqs }: Forgotten): void {
  const blob = prepare(db, 'SELECT terms FROM search_buckets WHERE id = ?').get(id)?.terms;
  if (!blob) return;
  const pairs = decodePairs(blob as Uint8Array);
  const kept: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const [term = 0, seq = 0] = [pairs[i], pairs[i + 1]];
    if (!terms.has(term) || !seqs.has(seq)) kept.push(term, seq);
  }
  if (kept.length === pairs.length) return;
  prepare(db, 'UPDATE search_buckets SET terms = ? WHERE id = ?').run(bytesOf(Float64Array.from(kept)), id);
}
