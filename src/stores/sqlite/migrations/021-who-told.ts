import type { Migration } from './migration.ts';

/** Which event has told how much of a message: its key there is a hash, which is compared with what is stored. */
export const whoTold: Migration = {
  number: 21,
  name: 'who-told',
  sql: `
    alter table told_steps add column event integer; -- null: told before this step
  `,
};
