import type { Migration } from './migration.ts';

/** Answers to calls that made something, under their `Idempotency-Key`, for a day. */
export const keptAnswers: Migration = {
  number: 20,
  name: 'kept-answers',
  sql: `
    create table kept_answers (
      scope text not null, -- the account; '': an operator
      key text not null,
      fingerprint text not null, -- of the call
      status integer not null,
      location text,
      body text, -- null: it holds what is shown once
      at integer not null, -- ms since the Unix epoch
      primary key (scope, key)
    ) strict;
    create index kept_answers_by_age on kept_answers (at);
    create index kept_answers_by_scope on kept_answers (scope, at);
  `,
};
