import type { AuditEntry, AuditStore } from '../../stores/ports/audit.ts';

/** An audit log in memory, as far as the HTTP API can tell it from a real one. */
export function createMemoryAudit(): AuditStore & { readonly entries: readonly AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    async add(added) {
      const stored = added.map((entry, at) => ({ id: `aud_${entries.length + at + 1}`, ...entry }));
      entries.push(...stored);
      return stored.map(({ id }) => id);
    },
    async recount(id, times) {
      const at = entries.findIndex((entry) => entry.id === id);
      const entry = entries[at];
      if (entry) entries[at] = { ...entry, changes: [{ field: 'times', from: null, to: times }] };
    },
    async list({ accountId, actor, action, target, from = 0, to = Number.MAX_VALUE }, { limit }) {
      const found = entries.filter(
        (entry) =>
          (accountId === null || entry.accountId === accountId) &&
          (actor === undefined || entry.actor.id === actor || entry.actor.name === actor) &&
          (action === undefined || entry.action === action) &&
          (target === undefined || entry.target?.id === target) &&
          entry.at >= from &&
          entry.at < to,
      );
      return { data: found.toReversed().slice(0, limit), nextCursor: null };
    },
  };
}
