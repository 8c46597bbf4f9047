import type { Migration } from './migration.ts';

/** Secrets of the gateway's own, sealed as those of webhooks are. `number_key`: what phone numbers are hashed with (base64url). */
export const gatewaySecrets: Migration = {
  number: 24,
  name: 'gateway-secrets',
  sql: `
    create table gateway_secrets (
      name   text not null primary key,
      sealed text not null
    ) strict, without rowid;
  `,
};
