import type { Migration } from './migration.ts';

/**
 * Events, deliveries, attempts and what finds them again.
 *
 * Numbers (`seq`) are sequence numbers as in `core/ids.ts`, but each process takes only those that are its own modulo 32, and
 * the deliveries of event `seq` are `seq + 32`, `seq + 64` …: so processes need not talk about them.
 *
 * A delivery is a row of `waiting` until it has ended, and then one of `deliveries`, written once, with its latest attempt. So
 * nothing that stays is ever updated (each update is a new row, a new entry in every index and a dead one of both), and what
 * comes and goes is one small table. `attempts` has those before the latest: most deliveries have none.
 *
 * States: 1 pending, 2 retrying, 3 delivered, 4 failed, 5 skipped, 6 held (pending behind an earlier report of its message).
 *
 * What stays is partitioned by time: a day goes by dropping its partitions, and a day's indexes fit into memory while they are
 * filled. The partitions `…_other` take what is for none of the days that are there.
 */
export const deliveryTables: Migration = {
  number: 5,
  name: 'deliveries',
  sql: `
    -- accepted_at: ms; the time in its number is later where the clock was set back since another was accepted.
    -- …_key: 53-bit hashes that message id, transaction id and number are looked up by, null where it has none.
    create table events (
      account         id not null,
      seq             bigint not null,
      own_id          id,
      accepted_at     bigint not null,
      deliveries      integer not null,
      message_key     bigint,
      transaction_key bigint,
      number_key      bigint,
      body            text not null,
      primary key (account, seq)
    ) partition by range (seq);
    create index events_by_seq on events (seq);
    create index events_by_message on events (message_key, seq);
    create index events_by_transaction on events (transaction_key, seq);
    create index events_by_number on events (number_key, seq);
    -- Those whose number is ahead of their time by more than a minute (1735689600000: core/ids.ts counts from there).
    create index events_ahead on events (accepted_at) where seq / 4096 + 1735689600000 - accepted_at > 60000;
    create table events_other partition of events default;

    -- Has this event come before? identity: a hash of what tells reports apart, or of the caller's own id.
    create table event_identities (
      account  id not null,
      identity bigint not null,
      seq      bigint not null,
      primary key (account, identity)
    );
    -- What of it is not summarized is read whole by each look-up: soon, and not only when a fifth of the table is new.
    create index event_identities_by_age on event_identities using brin (seq) with (autosummarize = on);

    -- due: the next attempt (ms); while pending, the time in the event's number. size: characters of the event's body, about.
    -- order_key: a hash of the message id where the webhook wants order. status_code and error_class are of the latest attempt,
    -- counted_at (ms) is when the latest began that counts against the attempts it has; list_most: in how large a list it may go.
    create table waiting (
      account      id not null,
      webhook      id not null,
      seq          bigint not null,
      event        bigint not null,
      state        smallint not null,
      attempts     integer not null,
      since_replay integer not null,
      manual       smallint not null,
      due          bigint not null,
      size         integer not null default 0,
      order_key    bigint,
      status_code  smallint,
      error_class  smallint,
      counted_at   bigint,
      list_most    integer,
      primary key (account, webhook, seq)
    ) with (
      -- Rows live for moments: room on each page for the next ones of an update, and cleaned after thousands of deletions
      -- rather than after a fifth of the table, so that it stays as small as what waits.
      fillfactor = 70,
      autovacuum_vacuum_scale_factor = 0.01,
      autovacuum_vacuum_threshold = 5000,
      autovacuum_vacuum_insert_threshold = -1,
      autovacuum_vacuum_cost_delay = 0,
      autovacuum_analyze_scale_factor = 0.5
    );
    create index waiting_in_queue on waiting (account, webhook, state, due, seq) where state <= 2;
    create index waiting_in_order on waiting (account, webhook, order_key, seq) where order_key is not null;
    create index waiting_by_seq on waiting (seq);

    create table deliveries (
      account         id not null,
      seq             bigint not null,
      event           bigint not null,
      webhook         id not null,
      state           smallint not null,
      attempts        integer not null,
      since_replay    integer not null,
      manual          smallint not null,
      ended_at        bigint not null,
      reason          text,
      -- Of the attempt that ended it; null where none did, and then all there were are in attempts. status_code and error_class
      -- are of the latest attempt all the same. response_body: bytes, since text cannot have U+0000 here.
      webhook_version integer,
      attempt_manual  smallint,
      started_at      bigint,
      duration_ms     integer,
      status_code     smallint,
      error_class     smallint,
      error_detail    text,
      response_body   bytea,
      primary key (account, seq)
    ) partition by range (seq);
    create index deliveries_by_seq on deliveries (seq);
    create index deliveries_by_webhook on deliveries (account, webhook, seq);
    -- What ended badly is sought most and is little: of a webhook, of an account and of all. A rare class of errors and a
    -- rare status are found among many failures without reading them; an account's are sought webhook by webhook.
    create index deliveries_ended_badly on deliveries (account, webhook, state, seq) where state in (4, 5);
    create index deliveries_ended_badly_of_account on deliveries (account, state, seq) where state in (4, 5);
    create index deliveries_ended_badly_of_all on deliveries (state, seq) where state in (4, 5);
    create index deliveries_by_error on deliveries (account, webhook, error_class, seq) where error_class is not null;
    create index deliveries_by_odd_status on deliveries (account, webhook, status_code, seq)
      where status_code not between 200 and 299;
    create table deliveries_other partition of deliveries default;

    create table attempts (
      account         id not null,
      delivery        bigint not null,
      number          integer not null,
      webhook_version integer not null,
      manual          smallint not null,
      started_at      bigint not null,
      duration_ms     integer not null,
      status_code     smallint,
      error_class     smallint,
      error_detail    text,
      response_body   bytea,
      primary key (account, delivery, number)
    ) partition by range (delivery);
    create table attempts_other partition of attempts default;

    -- How much of a message's story an ordered webhook has been told: the highest step delivered (core/status-ladder.ts).
    -- message: a hash of message id and part; event: which told it.
    create table told_steps (
      account id not null,
      webhook id not null,
      message bigint not null,
      step    integer not null,
      at      bigint not null,
      event   bigint,
      primary key (account, webhook, message)
    );
    create index told_steps_by_age on told_steps using brin (at) with (autosummarize = on);
  `,
};
