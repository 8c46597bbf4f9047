const isoInstant = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Reads an ISO 8601 instant with its zone (`2026-11-22T10:15:30.000Z`, `2026-11-22T15:45:30+05:30`) as ms since the Unix
 * epoch. `null` for anything else: a time without a zone means something different to each reader (TELECOM: vendors
 * write local times without saying whose), and a day such as 30 February is not rolled over.
 */
export function parseInstant(text: string): number | null {
  const parts = isoInstant.exec(text);
  if (!parts) return null;
  const day = Number(parts[3]);
  if (day > new Date(Date.UTC(Number(parts[1]), Number(parts[2]), 0)).getUTCDate()) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) || instant < 0 ? null : instant;
}
