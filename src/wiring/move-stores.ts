import { systemClock } from '../core/clock.ts';
import { type MovedCount, type MoveProgress, moveAll } from '../stores/moving/move.ts';
import type { ReadableStore, WritableStore } from '../stores/moving/moving-store.ts';
import { labelOf, openPostgresSource, openPostgresTarget } from '../stores/postgres/moving/open.ts';
import { createCipher } from '../stores/secrets/cipher.ts';
import { openSqliteSource } from '../stores/sqlite/moving/open-source.ts';
import { openSqliteTarget } from '../stores/sqlite/moving/open-target.ts';

export type { MovedCount, MoveProgress };

/** A store as somebody names it: a data directory, or a connection string of PostgreSQL's. */
export type NamedStore =
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  | { readonly kind: 'postgres'; readonly url: string };

export interface MoveRequest {
  readonly from: NamedStore;
  readonly to: NamedStore;
  /** Of the gateway; both stores have their secrets sealed with it. */
  readonly masterKey: string;
  readonly previousMasterKeys: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MoveProgress) => void;
  /** Told what others of the machine may read. */
  readonly warn: (message: string) => void;
}

/** How often it is said again that gateways are to stay away, ms. */
const keepAwayEveryMs = 10_000;

/**
 * Moves everything from one store to another and compares the two. Gateways can be at work on neither meanwhile, and behind it on
 * the new one alone.
 *
 * @returns what both hold, by table
 * @throws {MoveError} where it is refused, was stopped, or the two are not the same in the end
 */
export async function moveStores(request: MoveRequest): Promise<readonly MovedCount[]> {
  const { signal, onProgress } = request;
  const source = await openSource(request, false);
  const keepAway = setInterval(() => void source.keepAway().catch(() => {}), keepAwayEveryMs);
  try {
    const target = await openTarget(request, source);
    try {
      return await moveAll({ source, target, signal, onProgress });
    } finally {
      await target.close();
    }
  } finally {
    clearInterval(keepAway);
    await source.close();
  }
}

/** How many rows a move would move, by table; nothing is changed, also beside a gateway. */
export async function countStore(
  request: Pick<MoveRequest, 'from' | 'to' | 'masterKey' | 'previousMasterKeys'>,
): Promise<ReadonlyMap<string, number>> {
  const source = await openSource(request, true);
  try {
    return await source.counts();
  } finally {
    await source.close();
  }
}

function openSource(
  {
    from,
    to,
    masterKey,
    previousMasterKeys,
  }: Pick<MoveRequest, 'from' | 'to' | 'masterKey' | 'previousMasterKeys'>,
  isDryRun: boolean,
): Promise<ReadableStore> {
  const cipher = createCipher(masterKey, previousMasterKeys);
  const options = { cipher, to: to.kind === 'sqlite' ? to.dataDir : labelOf(to.url), isDryRun };
  if (from.kind === 'postgres') return openPostgresSource({ ...options, url: from.url });
  return openSqliteSource({ ...options, dataDir: from.dataDir, now: systemClock.now });
}

function openTarget({ to, warn }: MoveRequest, source: ReadableStore): Promise<WritableStore> {
  const { now } = systemClock;
  if (to.kind === 'postgres') return openPostgresTarget({ url: to.url, source, now });
  return openSqliteTarget({ dataDir: to.dataDir, source, now, warn });
}
