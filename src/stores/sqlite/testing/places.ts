import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenPlace } from '../../conformance/open-store.ts';
import { createCipher } from '../../secrets/cipher.ts';
import { openSqliteStore } from '../open.ts';

/** Places for SQLite stores under one temporary directory. */
export interface Places {
  readonly open: OpenPlace;
  /** The data directory of a place. */
  dataDir(place: string): string;
  remove(): void;
}

export function createPlaces(): Places {
  const root = mkdtempSync(join(tmpdir(), 'hookwire-store-'));
  const cipher = createCipher(randomBytes(32).toString('hex'));
  const dataDir = (place: string): string => join(root, place);
  return {
    dataDir,
    open: (place, clock) =>
      openSqliteStore({
        dataDir: dataDir(place),
        cipher,
        clock,
        onDeath(error) {
          throw error;
        },
      }),
    remove: () => rmSync(root, { recursive: true }),
  };
}
