import type { Clock } from '../../core/clock.ts';
import type { ApiKey, Directory } from '../../stores/ports/directory.ts';

/**
 * The keys that callers use, in memory: every call names one, and none is to wait for the store.
 *
 * ```text
 * known ──▸ at once; deleted ones are asked for every second, in the background
 * not known ──▸ gathered ──▸ one look-up for all, while the next ones gather
 * ```
 * So keys that there are not cost one look-up at a time, however many come, and hold nobody up.
 */
export interface KnownKeys {
  /** The key with this hash; `null`: there is none. A key that was just made is found. */
  find(hash: string): Promise<ApiKey | null>;
  /** Whether {@link KnownKeys.find} knows it without a look-up. */
  knows(hash: string): boolean;
  /** Forgets at once what was deleted; whether any was known. */
  refresh(): Promise<boolean>;
}

/** Other processes delete keys too (`hookwire keys revoke`): what is known is never older than this, ms. */
const freshForMs = 5_000;
const refreshAfterMs = 1_000;
const mostTogether = 500;
/** Some 500 bytes each. Of more, those known longest are looked up again. */
const mostKnown = 50_000;

interface Asked {
  readonly promise: Promise<ApiKey | null>;
  readonly resolve: (key: ApiKey | null) => void;
  readonly reject: (error: unknown) => void;
}

/** @param onDeleted keys that were known were deleted */
export function createKnownKeys(
  directory: Pick<Directory, 'findKeys' | 'deletedKeys'>,
  clock: Pick<Clock, 'now'>,
  onDeleted: () => void,
): KnownKeys {
  const known = new Map<string, ApiKey>();
  /** Those that are looked up next, by hash. */
  const waiting = new Map<string, Asked>();
  let looking = false;
  /** How many keys had been deleted when that was last found out; `null`: before anything is known. */
  let deletions: number | null = null;
  let refreshedAt = 0;
  let refreshing: Promise<boolean> | null = null;

  function remember(hash: string, key: ApiKey): void {
    if (known.size >= mostKnown) known.delete(known.keys().next().value ?? '');
    known.set(hash, key);
  }

  async function lookUp(): Promise<void> {
    looking = true;
    while (waiting.size > 0) {
      const asked = new Map([...waiting].slice(0, mostTogether));
      for (const hash of asked.keys()) waiting.delete(hash);
      const askedAt = clock.now();
      try {
        const found = await directory.findKeys([...asked.keys()]);
        if (deletions === null) {
          deletions = found.deletions;
          refreshedAt = askedAt;
        }
        // Deleted since they were read, perhaps.
        const mayRemember = found.deletions >= deletions;
        for (const [hash, { resolve }] of asked) {
          const key = found.keys.get(hash) ?? null;
          if (key && mayRemember) remember(hash, key);
          resolve(key);
        }
      } catch (error) {
        for (const { reject } of asked.values()) reject(error);
      }
    }
    looking = false;
  }

  function ask(hash: string): Promise<ApiKey | null> {
    const asked = waiting.get(hash) ?? Promise.withResolvers<ApiKey | null>();
    waiting.set(hash, asked);
    if (!looking) void lookUp();
    return asked.promise;
  }

  async function refresh(): Promise<boolean> {
    if (deletions === null) return false;
    const askedAt = clock.now();
    const found = await directory.deletedKeys(deletions);
    deletions = Math.max(deletions, found.deletions);
    refreshedAt = Math.max(refreshedAt, askedAt);
    let any = false;
    for (const hash of found.hashes ?? [...known.keys()]) any = known.delete(hash) || any;
    if (any) onDeleted();
    return any;
  }

  /** One at a time, for all who find that it is time. */
  function refreshForAll(): Promise<boolean> {
    refreshing ??= refresh().finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  return {
    async find(hash) {
      if (known.has(hash)) {
        const age = Math.abs(clock.now() - refreshedAt);
        if (age >= freshForMs) await refreshForAll();
        else if (age >= refreshAfterMs) refreshForAll().catch(() => undefined);
      }
      return known.get(hash) ?? ask(hash);
    },
    knows: (hash) => known.has(hash),
    refresh,
  };
}
