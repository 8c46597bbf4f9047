import type { Migration } from './migration.ts';

/**
 * Which API keys were deleted, so that a gateway hears of it whoever does it: it knows its keys in memory. The latest
 * 10,000 are kept; who knows less forgets all.
 */
export const deletedKeys: Migration = {
  number: 13,
  name: 'deleted keys',
  sql: `
    create table deleted_keys (number integer primary key autoincrement, hash text not null) strict;
    create trigger api_key_deleted after delete on api_keys begin
      insert into deleted_keys (hash) values (old.hash);
      delete from deleted_keys where number <= (select max(number) from deleted_keys) - 10000;
    end;
  `,
};
