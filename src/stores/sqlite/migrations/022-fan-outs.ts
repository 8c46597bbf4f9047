import type { Migration } from './migration.ts';

/**
 * Events for very many webhooks of which not all deliveries are on disk yet (`writer/fan-outs.ts`). Empty, but for moments.
 */
export const fanOuts: Migration = {
  number: 22,
  name: 'fan-outs',
  sql: `
    create table fan_outs (
      event    integer primary key,
      webhooks text not null, -- ids, a space between: those behind the first part's
      ordered  text not null  -- those of them that want order
    ) strict;
  `,
};
