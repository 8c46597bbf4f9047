import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migrate } from '../migrations/migrate.ts';
import { testNumberKey } from '../testing/store-cipher.ts';
import { useNumberKey } from '../thread/number-key.ts';
import { createWriteTurns } from '../thread/write-turns.ts';
import { createWriter } from './writer.ts';

/** Grow with what is kept. */
const large = ['events', 'deliveries', 'attempts', 'told_steps'];

/** A statement that reads a large table from its beginning without saying how far. */
function readsAll(db: DatabaseSync, sql: string): boolean {
  if (/\blimit\b/i.test(sql)) return false;
  const steps = db.prepare(`explain query plan ${sql}`).all();
  const aliases = large.flatMap((table) => {
    const named = [...sql.matchAll(new RegExp(`\\b${table}\\s+(?:as\\s+)?([a-z]\\w*)`, 'gi'))];
    return [table, ...named.map(([, alias]) => alias ?? '')];
  });
  return steps.some(({ detail }) => {
    const scanned = /^SCAN (\w+)/.exec(String(detail))?.[1];
    return scanned !== undefined && aliases.includes(scanned);
  });
}

describe('the statements of the writer', () => {
  it('read no table from end to end that grows with what is kept, at the start or later', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db);
    useNumberKey(db, testNumberKey);
    const prepared = new Set<string>();
    const watched = new Proxy(db, {
      get(target, name) {
        if (name === 'prepare')
          return (sql: string) => {
            prepared.add(sql);
            return target.prepare(sql);
          };
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    createWriter(watched, {
      turns: createWriteTurns(null),
      asked: { count: 0 },
      couriers: [],
      onRefused: () => {},
    });
    expect(prepared.size).toBeGreaterThan(20);
    expect([...prepared].filter((sql) => readsAll(db, sql))).toEqual([]);
  });

  it('are seen to do so where they would', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db);
    expect(
      readsAll(db, 'select f.event from fan_outs f join events e on e.seq = f.event order by e.seq'),
    ).toBe(true);
    expect(readsAll(db, 'select * from attempts where status_code = 500')).toBe(true);
    expect(readsAll(db, 'select * from events where seq > 5')).toBe(false);
  });
});
