import { describe, expect, it } from 'vitest';
import { pieceRows, walkPage } from './walk-page.ts';

/** A list of numbers that fall, of which some pass. */
function createList(length: number, passes: (row: number) => boolean, text = '') {
  const judged: number[] = [];
  return {
    judged,
    walk: {
      endOf: async (behind: number | null) => {
        const end = (behind ?? length) - pieceRows;
        return end >= 0 ? end : null;
      },
      rowsIn: async (behind: number | null, end: number | null, limit: number) => {
        const from = behind ?? length;
        const until = end ?? 0;
        judged.push(from - until);
        const rows = Array.from({ length: from - until }, (_, i) => ({ place: from - 1 - i, text }));
        return { rows: rows.filter(({ place }) => passes(place)).slice(0, limit), cut: false };
      },
      placeOf: ({ place }: { place: number }) => place,
    },
  };
}

async function all(length: number, passes: (row: number) => boolean, limit: number, text = '') {
  const { walk, judged } = createList(length, passes, text);
  const found: number[] = [];
  let pages = 0;
  let place: number | null = null;
  do {
    const page: { rows: readonly { place: number }[]; next: number | null } = await walkPage(
      walk,
      limit,
      place,
    );
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    found.push(...page.rows.map((row) => row.place));
    place = page.next;
    pages++;
  } while (place !== null);
  return { found, pages, judged };
}

describe('a page of a list that is judged in pieces', () => {
  it.each([
    [0, 1],
    [1, 1],
    [3 * pieceRows, 7],
    [3 * pieceRows + 1, pieceRows],
    [2 * pieceRows - 1, 2 * pieceRows],
  ])('has its rows, of %i rows %i a page, without gap or repeat', async (length, limit) => {
    for (const passes of [() => true, (row: number) => row % 700 === 0, () => false]) {
      const expected = Array.from({ length }, (_, i) => length - 1 - i).filter(passes);
      expect((await all(length, passes, limit)).found).toEqual(expected);
    }
  });

  it('gives no further page after a last one that is full', async () => {
    expect((await all(10, () => true, 10)).pages).toBe(1);
  });

  it('is short where nothing is found for long', async () => {
    const { found, pages, judged } = await all(25 * pieceRows, (row) => row === 3, 50);
    expect(found).toEqual([3]);
    expect(pages).toBe(3);
    expect(Math.max(...judged)).toBe(pieceRows);
  });

  it('is short where its rows are large', async () => {
    const { found, pages } = await all(
      20 * pieceRows,
      (row) => row % pieceRows === 0,
      50,
      'x'.repeat(400_000),
    );
    expect(found).toHaveLength(20);
    expect(pages).toBe(7);
  });
});
