import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { configure } from './pragmas.ts';

it('makes commits durable and waits for the other thread', () => {
  const dir = mkdtempSync(join(tmpdir(), 'hookwire-pragmas-'));
  const db = new DatabaseSync(join(dir, 'hookwire.db'));
  configure(db, 'writer');
  const full = 2;
  expect(db.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(db.prepare('pragma synchronous').get()).toEqual({ synchronous: full });
  expect(db.prepare('pragma busy_timeout').get()).toEqual({ timeout: 10_000 });
  expect(db.prepare('pragma foreign_keys').get()).toEqual({ foreign_keys: 1 });
  db.close();
  rmSync(dir, { recursive: true });
});
