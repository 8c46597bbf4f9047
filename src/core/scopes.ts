/** What an API key or a role allows; `admin` includes all others within the account. */
export const scopes = [
  'events:write',
  'webhooks:write',
  'webhooks:read',
  'deliveries:read',
  'deliveries:replay',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];
