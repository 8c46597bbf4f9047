import { randomId } from '../../core/ids.ts';
import { fieldChanges } from '../../http/auditing/changes.ts';
import type { Configuration } from '../../stores/ports/configuration.ts';
import type { ParsedKey } from './parsed.ts';
import type { PlanDraft } from './plan-draft.ts';

/** Keys are known by their hash, which is what lets somebody in. */
export function planKeys(stored: Configuration, draft: PlanDraft) {
  const byHash = new Map(stored.keys.map((hashed) => [hashed.hash, hashed.key]));
  const byId = new Map(stored.keys.map((hashed) => [hashed.key.id, hashed]));
  const [hashes, ids] = [new Map<string, string>(), new Map<string, string>()];

  /** Why it cannot be made or changed; `null` if it can. */
  function problemOf({ path, id, hash }: ParsedKey, accountId: string | null): [string, string] | null {
    const twice = hashes.get(hash);
    if (twice !== undefined) return ['hash', `is the one of ${twice} already.`];
    hashes.set(hash, path);
    const found = byHash.get(hash);
    if (found && found.accountId !== accountId) {
      return ['hash', `is that of ${found.id}, which belongs to ${ownerOf(found.accountId)}.`];
    }
    if (id === null) return null;
    const sameId = ids.get(id);
    if (sameId !== undefined) return ['id', `is the one of ${sameId} already.`];
    ids.set(id, path);
    if (found && found.id !== id) return ['id', `is not the id of this key here, which is ${found.id}.`];
    if (!found && byId.has(id))
      return ['id', 'is the id of another key here, whose hash differs: delete that key first.'];
    return null;
  }

  return {
    plan(keys: readonly ParsedKey[], accountId: string | null): void {
      for (const parsed of keys) {
        const problem = problemOf(parsed, accountId);
        if (problem) {
          draft.report(`${parsed.path}.${problem[0]}`, problem[1]);
          continue;
        }
        const { name, hash, scopes } = parsed;
        const kind = accountId === null ? ('operator key' as const) : ('key' as const);
        const found = byHash.get(hash);
        if (!found) {
          const id = parsed.id ?? randomId('key');
          const key = { id, accountId, name, scopes, createdAt: parsed.createdAt ?? draft.now };
          draft.made.keys.push({ key, hash });
          draft.differ({ kind, id, name, accountId, changes: null });
          continue;
        }
        const before = { name: found.name, scopes: found.scopes };
        const changes = fieldChanges('', before, { name, scopes });
        if (draft.differ({ kind, id: found.id, name, accountId, changes })) {
          draft.changed.keys.push({ ...found, name, scopes });
        }
      }
    },
  };
}

function ownerOf(accountId: string | null): string {
  return accountId === null ? 'the operators' : `account ${accountId}`;
}
