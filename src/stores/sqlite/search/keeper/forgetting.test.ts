import { describe, expect, it } from 'vitest';
import { createWorld, found } from '../../testing/index-world.ts';
import type { WriteTurns } from '../../thread/write-turns.ts';
import { readChunk } from '../runs/chunk.ts';

describe('the index', () => {
  it('has a term that was forgotten in no chunk and in no place', () => {
    const world = createWorld({ foldAt: 1_000, mostPairs: 100_000 });
    const term = 123 * 2 ** 40;
    for (let i = 0; i < 9; i++) {
      world.append(Array.from({ length: 500 }, (_, n) => (n % 100 === 0 ? term : n * 2 ** 42)));
      for (let piece = 0; piece < 4; piece++) world.step();
    }
    world.forget(
      term,
      world.pairs.filter((pair) => pair.term === term).map(({ seq }) => seq),
    );
    while (!world.isForgotten()) world.step();
    const chunks = world.db.prepare('SELECT pairs FROM index_chunks').all();
    expect(chunks.length).toBeGreaterThan(5);
    for (const { pairs } of chunks) expect(readChunk(pairs as Uint8Array).terms).not.toContain(term);
    expect(world.db.prepare('SELECT count(*) AS n FROM index_places WHERE term = ?').get(term)).toEqual({
      n: 0,
    });
    world.settle();
    expect(found(world, [term])).toEqual([]);
    expect(found(world, [42 * 2 ** 42])).toHaveLength(9);
  });

  it('leaves the write lock to others behind some rows at a time, however much is forgotten', () => {
    const changes: number[] = [];
    let total = (): number => 0;
    const turns: WriteTurns = {
      run(write) {
        const before = total();
        const result = write();
        changes.push(total() - before);
        return result;
      },
    };
    const world = createWorld({ foldAt: 100_000 }, turns);
    total = () => Number(world.db.prepare('SELECT total_changes() AS n').get()?.n);
    for (let row = 0; row < 400; row++) world.append([row * 2 ** 40, 7]);
    for (const { term, seq } of world.pairs.filter((pair) => pair.term !== 7)) world.forget(term, [seq]);
    changes.length = 0;
    while (!world.isForgotten()) world.step();
    expect(Math.max(...changes)).toBeLessThanOrEqual(50);
    expect(found(world, [3 * 2 ** 40])).toEqual([]);
    expect(found(world, [7])).toHaveLength(400);
  });

  it('leaves the write lock to others while a long run is dropped, its filter too', () => {
    const changes: number[] = [];
    let total = (): number => 0;
    const turns: WriteTurns = {
      run(write) {
        const before = total();
        const result = write();
        changes.push(total() - before);
        return result;
      },
    };
    const world = createWorld({}, turns);
    total = () => Number(world.db.prepare('SELECT total_changes() AS n').get()?.n);
    world.db.exec(`
      INSERT INTO index_runs (run, kind, level, first, last, pairs, chunks, blocks, abreast, state)
        VALUES (9, 2, 0, 1, 2, 0, 450, 4500, 10, 2);
      WITH RECURSIVE places(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM places WHERE n < 449)
        INSERT INTO index_chunks SELECT 9 * 1048576 + n, x'' FROM places;
      INSERT INTO index_filters SELECT id, pairs FROM index_chunks;
    `);
    changes.length = 0;
    world.settle();
    expect(Math.max(...changes)).toBeLessThanOrEqual(202);
    for (const table of ['index_runs', 'index_chunks', 'index_filters'])
      expect(world.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  });

  it('writes a chunk once for all that is forgotten together', () => {
    const world = createWorld({ foldAt: 1_000, mostPairs: 1_000_000, chunksAPiece: 8 });
    for (let i = 0; i < 40; i++) world.append(Array.from({ length: 100 }, (_, n) => (i * 100 + n) * 2 ** 41));
    world.settle();
    const total = () => Number(world.db.prepare('SELECT total_changes() AS n').get()?.n);
    const rows = (table: string) => Number(world.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    const most = rows('index_tail') + 3 * rows('index_chunks');
    const gone = world.pairs.filter((_, i) => i % 2 === 0);
    for (const { term, seq } of gone) world.forget(term, [seq]);
    const before = total();
    while (!world.isForgotten()) world.step();
    // Each part that was asked for goes too.
    expect(total() - before - gone.length).toBeLessThanOrEqual(most);
    expect(found(world, [gone[7]?.term ?? 0])).toEqual([]);
    expect(found(world, [world.pairs[7]?.term ?? 0])).toHaveLength(1);
  });

  it('forgets what one erasure has left before the end of a huge one', () => {
    const world = createWorld({ foldAt: 1_000, mostPairs: 1_000_000 });
    for (let i = 0; i < 12; i++) world.append(Array.from({ length: 1_000 }, () => 7));
    world.append([8]);
    const [small] = world.pairs.filter(({ term }) => term === 8);
    const seqs = world.pairs.filter(({ term }) => term === 7).map(({ seq }) => seq);
    for (let from = 0; from < seqs.length; from += 500) world.forget(7, seqs.slice(from, from + 500), 1);
    world.forget(8, [small?.seq ?? 0], 2);
    const left = (erasure: number) =>
      Number(world.db.prepare('SELECT count(*) AS n FROM index_forgotten WHERE erasure = ?').get(erasure)?.n);
    while (left(2) > 0) world.step();
    expect(found(world, [8])).toEqual([]);
    expect(left(1)).toBeGreaterThan(10);
    while (!world.isForgotten()) world.step();
    expect(found(world, [7])).toEqual([]);
  });
});
