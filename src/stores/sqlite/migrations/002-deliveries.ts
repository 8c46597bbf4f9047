import type { Migration } from './migration.ts';

/**
 * Events, deliveries, attempts and what finds them again. Keys are sequence numbers (`core/ids.ts`), so every hot table
 * grows at its end, a time range is a key range, and the deliveries of event `seq` are the rows `seq + 1 … seq + deliveries`.
 *
 * States: 1 pending, 2 retrying, 3 delivered, 4 failed, 5 skipped, 6 held (pending behind an earlier report of its
 * message). `order_key` is set from acceptance to the end of a delivery whose webhook wants order.
 *
 * Look-ups by message id, number … have random keys, which cost SQLite 5–10 times as much as rows in order (measured:
 * 111 µs an event with six index entries written at once, 15 µs without). They are therefore filled behind:
 * a commit leaves its look-up terms in one blob of `index_tail`, and the keeper of the index later folded some 40,000
 * events of them at once into `event_identities` (a B-tree: has this event come before?) and `search_buckets`
 * (sorted runs, for people's searches).
 */
export const deliveryTables: Migration = {
  number: 2,
  name: 'deliveries',
  sql: `
    CREATE TABLE events (
      seq        INTEGER PRIMARY KEY,
      id         TEXT,
      account    TEXT NOT NULL,
      deliveries INTEGER NOT NULL,
      body       TEXT NOT NULL
    );

    CREATE TABLE deliveries (
      seq          INTEGER PRIMARY KEY,
      event        INTEGER NOT NULL,
      webhook      TEXT NOT NULL,
      state        INTEGER NOT NULL,
      attempts     INTEGER NOT NULL,
      since_replay INTEGER NOT NULL,
      manual       INTEGER NOT NULL,
      due          INTEGER NOT NULL, -- pending, retrying: next attempt; else: when it ended (ms)
      status_code  INTEGER,          -- of the latest attempt
      error_class  INTEGER,
      reason       TEXT,
      order_key    INTEGER           -- hash of the message id
    );
    CREATE INDEX deliveries_waiting ON deliveries (webhook, state, due, seq) WHERE state <= 2;
    -- With the error class, so that a rare one is found among many failures without reading them.
    CREATE INDEX deliveries_ended_badly ON deliveries (webhook, state, seq, error_class) WHERE state IN (4, 5);
    CREATE INDEX deliveries_odd_status ON deliveries (webhook, status_code, seq)
      WHERE status_code NOT BETWEEN 200 AND 299;

    CREATE INDEX deliveries_in_order ON deliveries (webhook, order_key, seq) WHERE order_key IS NOT NULL;

    -- How much of a message's story an ordered webhook has been told: the highest step delivered (core/status-ladder.ts).
    CREATE TABLE told_steps (
      webhook TEXT NOT NULL,
      message INTEGER NOT NULL, -- hash of message id and part
      step    INTEGER NOT NULL,
      at      INTEGER NOT NULL,
      PRIMARY KEY (webhook, message)
    ) WITHOUT ROWID;
    CREATE INDEX told_steps_by_age ON told_steps (at);

    CREATE TABLE attempts (
      delivery        INTEGER NOT NULL,
      number          INTEGER NOT NULL,
      webhook_version INTEGER NOT NULL,
      manual          INTEGER NOT NULL,
      started_at      INTEGER NOT NULL,
      duration_ms     INTEGER NOT NULL,
      status_code     INTEGER,
      error_class     INTEGER,
      error_detail    TEXT,
      response_body   TEXT,
      PRIMARY KEY (delivery, number)
    ) WITHOUT ROWID;

    CREATE TABLE index_tail (
      id         INTEGER PRIMARY KEY,
      identities BLOB NOT NULL, -- float64 pairs (term, event)
      terms      BLOB NOT NULL  -- float64 pairs (term, event or delivery)
    );
    CREATE TABLE event_identities (
      term  INTEGER NOT NULL,
      event INTEGER NOT NULL,
      PRIMARY KEY (term, event)
    ) WITHOUT ROWID;
    CREATE TABLE search_runs (
      run   INTEGER PRIMARY KEY,
      first INTEGER NOT NULL,
      last  INTEGER NOT NULL
    );
    CREATE TABLE search_buckets (
      id    INTEGER PRIMARY KEY, -- run * 256 + bucket
      terms BLOB NOT NULL        -- float64 pairs (term, seq), sorted
    );
  `,
};
