import type { Migration } from './migration.ts';

/**
 * People. The tables `auth_…` are better-auth's: their columns are what its own schema tool asks for
 * (`src/portal/schema.test.ts` holds them to it), under names that cannot be taken for ours. `members` is ours: who has
 * which role where.
 */
export const peopleTables: Migration = {
  number: 6,
  name: 'people',
  sql: `
    -- confirmed: somebody whom the platform trusts vouches that the person has this address (src/portal/people.ts).
    create table auth_user (
      "id" text not null primary key,
      "name" text not null,
      "email" text not null unique,
      "emailVerified" integer not null,
      "image" text,
      "createdAt" date not null,
      "updatedAt" date not null,
      "confirmed" integer not null
    );

    -- via: 'password' or 'oidc'.
    create table auth_session (
      "id" text not null primary key,
      "expiresAt" date not null,
      "token" text not null unique,
      "createdAt" date not null,
      "updatedAt" date not null,
      "ipAddress" text,
      "userAgent" text,
      "userId" text not null references auth_user ("id") on delete cascade,
      "via" text
    );
    create index auth_session_userId_idx on auth_session ("userId");

    -- How a person signs in: a password's hash, or the identity at an OIDC provider.
    create table auth_account (
      "id" text not null primary key,
      "accountId" text not null,
      "providerId" text not null,
      "userId" text not null references auth_user ("id") on delete cascade,
      "accessToken" text,
      "refreshToken" text,
      "idToken" text,
      "accessTokenExpiresAt" date,
      "refreshTokenExpiresAt" date,
      "scope" text,
      "password" text,
      "createdAt" date not null,
      "updatedAt" date not null
    );
    create index auth_account_userId_idx on auth_account ("userId");

    -- Links that set a password (value: the person's id) and sign-ins under way; identifiers are hashed.
    create table auth_verification (
      "id" text not null primary key,
      "identifier" text not null,
      "value" text not null,
      "expiresAt" date not null,
      "createdAt" date not null,
      "updatedAt" date not null
    );
    create index auth_verification_identifier_idx on auth_verification ("identifier");

    -- account_id is null for an operator.
    create table members (
      id text not null primary key,
      person_id text not null references auth_user ("id") on delete cascade,
      account_id text references accounts (id),
      role text not null,
      created_at integer not null,
      last_seen_at integer
    ) strict, without rowid;
    create unique index members_once on members (person_id, coalesce(account_id, ''));
    create index members_by_account on members (account_id, created_at, id);
    create index members_by_age on members (created_at, id);
  `,
};
