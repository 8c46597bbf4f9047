import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import { type JoinedStore, openJoinedStore } from './joined-store.ts';
import { storeCipher } from './store-cipher.ts';

/** Places for SQLite stores under one temporary directory. */
export interface StorePlaces {
  open(place: string, clock: Clock): Promise<JoinedStore>;
  /** The data directory of a place. */
  dataDir(place: string): string;
  remove(): void;
}

export function createPlaces({ couriers = 1 } = {}): StorePlaces {
  const root = mkdtempSync(join(tmpdir(), 'hookwire-store-'));
  const dataDir = (place: string): string => join(root, place);
  return {
    dataDir,
    open: (place, clock) =>
      openJoinedStore({
        dataDir: dataDir(place),
        cipher: storeCipher,
        clock,
        couriers,
        onDeath(error) {
          throw error;
        },
      }),
    remove: () => rmSync(root, { recursive: true }),
  };
}
