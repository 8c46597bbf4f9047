import type { AuditEntry, AuditStore } from '../../stores/ports/audit.ts';

/** An audit log in memory, as far as the HTTP API can tell it from a real one. */
export function createMemoryAudit(): AuditStore & { readonly entries: readonly AuditEntry[] } {
  const entries: AuditEntry[] = [];
  return {
    entries,
    async add(added) {
      for (const entry of added) entries.push({ id: `aud_${entries.length + 1}`, ...entry });
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
