/** Pages that every account has; what lies below them (a webhook, an event) belongs to one. */
const sections = [
  'webhooks',
  'deliveries',
  'events',
  'numbers',
  'keys',
  'people',
  'audit',
  'guides',
] as const;

/** The path to the same kind of page in another account: from a webhook of one to the webhooks of the other. */
export function samePageIn(accountId: string, path: string): string {
  const [, place, , section] = path.split('/');
  const kept = place === 'a' ? sections.find((known) => known === section) : undefined;
  return `/a/${encodeURIComponent(accountId)}/${kept ?? 'webhooks'}`;
}
