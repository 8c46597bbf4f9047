import type { Migration } from './migration.ts';

/**
 * People. The tables `auth_…` are better-auth's: their columns are what its own schema tool asks for, under names that cannot
 * be taken for ours. `members` is ours: who has which role where.
 */
export const peopleTables: Migration = {
  number: 3,
  name: 'people',
  sql: `
    -- confirmed: somebody whom the platform trusts vouches that the person has this address. era: that of the last time when
    -- access of theirs was revoked.
    create table auth_user (
      "id"            text collate "C" not null primary key,
      "name"          text not null,
      "email"         text not null unique,
      "emailVerified" boolean not null,
      "image"         text,
      "createdAt"     timestamptz not null,
      "updatedAt"     timestamptz not null,
      "confirmed"     boolean not null,
      "era"           bigint not null default 0
    );

    -- via: 'password' or 'oidc'. era: that in which the check of its password (or of what the provider said) began; one of an
    -- earlier era than its person's is none.
    create table auth_session (
      "id"        text collate "C" not null primary key,
      "expiresAt" timestamptz not null,
      "token"     text collate "C" not null unique,
      "createdAt" timestamptz not null,
      "updatedAt" timestamptz not null,
      "ipAddress" text,
      "userAgent" text,
      "userId"    text collate "C" not null references auth_user ("id") on delete cascade,
      "via"       text,
      "era"       bigint not null default 0
    );
    create index "auth_session_userId_idx" on auth_session ("userId");

    -- How a person signs in: a password's hash, or the identity at an OIDC provider.
    create table auth_account (
      "id"                    text collate "C" not null primary key,
      "accountId"             text not null,
      "providerId"            text not null,
      "userId"                text collate "C" not null references auth_user ("id") on delete cascade,
      "accessToken"           text,
      "refreshToken"          text,
      "idToken"               text,
      "accessTokenExpiresAt"  timestamptz,
      "refreshTokenExpiresAt" timestamptz,
      "scope"                 text,
      "password"              text,
      "createdAt"             timestamptz not null,
      "updatedAt"             timestamptz not null
    );
    create index "auth_account_userId_idx" on auth_account ("userId");

    -- Links that set a password (value: the person's id) and sign-ins under way; identifiers are hashed.
    create table auth_verification (
      "id"         text collate "C" not null primary key,
      "identifier" text not null,
      "value"      text not null,
      "expiresAt"  timestamptz not null,
      "createdAt"  timestamptz not null,
      "updatedAt"  timestamptz not null
    );
    create index "auth_verification_identifier_idx" on auth_verification ("identifier");

    -- Revocations of access, counted.
    create table access_era (number bigint not null);
    insert into access_era values (0);

    -- account_id is null for an operator.
    create table members (
      id           id not null primary key,
      person_id    id not null references auth_user ("id") on delete cascade,
      account_id   id references accounts (id),
      role         text not null,
      created_at   bigint not null,
      last_seen_at bigint
    );
    create unique index members_once on members (person_id, coalesce(account_id, ''));
    create index members_by_account on members (account_id, created_at, id);
    create index members_by_age on members (created_at, id);
  `,
};
