import type { Migration } from './migration.ts';

/**
 * What is to be written anew, since its pages hold what was erased: a row that is gone leaves its bytes where it was until
 * others are written over them, and VACUUM gives the room back without cleaning it.
 *
 * Neither are samples of such texts kept by the planner's statistics, which would hold a person's number until the next ANALYZE.
 */
export const erasedPlaces: Migration = {
  number: 9,
  name: 'erased_places',
  sql: `
    -- place: a table or a day's partition. mark: rises with each time that something in it is erased. began: the mark that it had
    -- when its copy was begun, null: there is none; copied: JSON, the key of the last row that was copied, null: all are.
    create table erased_places (
      place  id not null primary key,
      mark   bigint not null,
      began  bigint,
      copied text
    );
    create sequence erased_places_mark;

    -- Rows of a partition that were changed while it was copied. key: the number of an event or a delivery.
    create table changes_while_copied (
      number  bigint generated always as identity primary key,
      place   id not null,
      account id not null,
      key     bigint not null
    );
    create index changes_while_copied_by_place on changes_while_copied (place, number);
    create function note_change_while_copied() returns trigger language plpgsql as $$
      declare
        row record := case when tg_op = 'DELETE' then old else new end;
      begin
        if tg_argv[0] = 'attempts' then
          insert into changes_while_copied (place, account, key) values (tg_table_name, row.account, row.delivery);
        else
          insert into changes_while_copied (place, account, key) values (tg_table_name, row.account, row.seq);
        end if;
        return null;
      end
    $$;

    alter table events alter column own_id set statistics 0, alter column body set statistics 0;
    alter table deliveries alter column error_detail set statistics 0, alter column response_body set statistics 0;
    alter table attempts alter column error_detail set statistics 0, alter column response_body set statistics 0;
    alter table tasks alter column filter set statistics 0, alter column progress set statistics 0;
    alter table audit alter column actor_name set statistics 0, alter column target_id set statistics 0,
      alter column target_name set statistics 0, alter column changes set statistics 0;
    alter table kept_answers alter column key set statistics 0, alter column location set statistics 0,
      alter column body set statistics 0, alter column fingerprint set statistics 0;
    alter table accounts alter column name set statistics 0;
    alter table webhooks alter column search_text set statistics 0;
    alter table webhook_versions alter column config set statistics 0;
    alter table senders alter column label set statistics 0;
    alter table api_keys alter column name set statistics 0;
  `,
};
