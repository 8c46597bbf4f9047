import type { ClientBase } from 'pg';
import { nodeStride } from '../../../core/node-sequence.ts';
import { heldCode, stateCode } from '../../codes.ts';
import { type FindingOptions, foundBy } from '../../moving/found-by.ts';
import type { LogBatch, MovedAttempt, MovedDelivery, MovedEvent } from '../../moving/log-batch.ts';
import type { LooseTerm } from '../../moving/moving-store.ts';
import { bigints, integers, smallints, texts, utf8s } from '../array-params.ts';

const waiting: ReadonlySet<number> = new Set([stateCode('pending'), stateCode('retrying'), heldCode]);

/** Writes events with all that is theirs; inside a transaction. */
export async function writeLog(
  client: ClientBase,
  { events, deliveries, attempts }: LogBatch,
  options: FindingOptions,
): Promise<void> {
  await writeEvents(client, events, options);
  const sizes = new Map(events.map(({ seq, body }) => [seq, body.length]));
  await writeWaiting(
    client,
    deliveries.filter(({ state }) => waiting.has(state)),
    sizes,
  );
  const ended = deliveries.filter(({ state }) => !waiting.has(state));
  // The latest attempt of one that has ended is in its row.
  const latestOf = new Map(ended.map(({ seq, attempts: latest }) => [seq, latest]));
  const isLatest = ({ delivery, number }: MovedAttempt): boolean => latestOf.get(delivery) === number;
  const latest = new Map(attempts.filter(isLatest).map((attempt) => [attempt.delivery, attempt]));
  await writeEnded(client, ended, latest);
  await writeAttempts(
    client,
    attempts.filter((attempt) => !isLatest(attempt)),
  );
}

async function writeEvents(
  client: ClientBase,
  events: readonly MovedEvent[],
  options: FindingOptions,
): Promise<void> {
  const found = events.map((event) => foundBy(event, options));
  await client.query(
    `insert into events (account, seq, own_id, accepted_at, deliveries, message_key, transaction_key, number_key, body, spacing)
     select * from unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::integer[], $6::bigint[], $7::bigint[],
       $8::bigint[], $9::text[], $10::smallint[])`,
    [
      texts(events.map(({ account }) => account)),
      bigints(events.map(({ seq }) => seq)),
      texts(events.map(({ id }) => id)),
      bigints(events.map(({ acceptedAt }) => acceptedAt)),
      integers(events.map(({ deliveries }) => deliveries)),
      bigints(found.map(({ message }) => message)),
      bigints(found.map(({ transaction }) => transaction)),
      bigints(found.map(({ number }) => number)),
      texts(events.map(({ body }) => body)),
      smallints(events.map(({ spacing }) => (spacing === nodeStride ? null : spacing))),
    ],
  );
  await writeIdentities(
    client,
    events.flatMap(({ account, seq: event }, i) => {
      const identity = found[i]?.identity ?? null;
      return identity === null ? [] : [{ account, event, identity }];
    }),
  );
}

/** Of several that had one identity one after the other, the latest has it. */
async function writeIdentities(
  client: ClientBase,
  identities: readonly { readonly account: string; readonly event: number; readonly identity: number }[],
): Promise<void> {
  const latest = new Map<string, (typeof identities)[number]>();
  for (const each of identities) {
    const key = `${each.identity} ${each.account}`;
    const before = latest.get(key);
    if (!before || before.event < each.event) latest.set(key, each);
  }
  const some = [...latest.values()];
  if (some.length === 0) return;
  await client.query(
    `insert into event_identities as i (account, identity, seq)
     select * from unnest($1::text[], $2::bigint[], $3::bigint[])
     on conflict (account, identity) do update set seq = greatest(i.seq, excluded.seq)`,
    [
      texts(some.map(({ account }) => account)),
      bigints(some.map(({ identity }) => identity)),
      bigints(some.map(({ event }) => event)),
    ],
  );
}

async function writeWaiting(
  client: ClientBase,
  deliveries: readonly MovedDelivery[],
  sizes: ReadonlyMap<number, number>,
): Promise<void> {
  if (deliveries.length === 0) return;
  await client.query(
    `insert into waiting (account, webhook, seq, event, state, attempts, since_replay, manual, due, size, order_key, status_code,
       error_class, counted_at, list_most)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::smallint[], $6::integer[], $7::integer[],
       $8::smallint[], $9::bigint[], $10::integer[], $11::bigint[], $12::smallint[], $13::smallint[], $14::bigint[],
       $15::integer[])`,
    [
      texts(deliveries.map(({ account }) => account)),
      texts(deliveries.map(({ webhook }) => webhook)),
      bigints(deliveries.map(({ seq }) => seq)),
      bigints(deliveries.map(({ event }) => event)),
      smallints(deliveries.map(({ state }) => state)),
      integers(deliveries.map(({ attempts }) => attempts)),
      integers(deliveries.map(({ sinceReplay }) => sinceReplay)),
      smallints(deliveries.map(({ manual }) => manual)),
      bigints(deliveries.map(({ due }) => due)),
      integers(deliveries.map(({ event }) => sizes.get(event) ?? 0)),
      bigints(deliveries.map(({ orderKey }) => orderKey)),
      smallints(deliveries.map(({ statusCode }) => statusCode)),
      smallints(deliveries.map(({ errorClass }) => errorClass)),
      bigints(deliveries.map(({ countedAt }) => countedAt)),
      integers(deliveries.map(({ listMost }) => listMost)),
    ],
  );
}

async function writeEnded(
  client: ClientBase,
  deliveries: readonly MovedDelivery[],
  latest: ReadonlyMap<number, MovedAttempt>,
): Promise<void> {
  if (deliveries.length === 0) return;
  const attempts = deliveries.map(({ seq }) => latest.get(seq));
  await client.query(
    `insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, reason, status_code,
       error_class, webhook_version, attempt_manual, started_at, duration_ms, error_detail, response_body)
     select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::smallint[], $6::integer[], $7::integer[],
       $8::smallint[], $9::bigint[], $10::text[], $11::smallint[], $12::smallint[], $13::integer[], $14::smallint[],
       $15::bigint[], $16::integer[], $17::text[], $18::bytea[])`,
    [
      texts(deliveries.map(({ account }) => account)),
      bigints(deliveries.map(({ seq }) => seq)),
      bigints(deliveries.map(({ event }) => event)),
      texts(deliveries.map(({ webhook }) => webhook)),
      smallints(deliveries.map(({ state }) => state)),
      integers(deliveries.map(({ attempts: made }) => made)),
      integers(deliveries.map(({ sinceReplay }) => sinceReplay)),
      smallints(deliveries.map(({ manual }) => manual)),
      bigints(deliveries.map(({ due }) => due)),
      texts(deliveries.map(({ reason }) => reason)),
      smallints(deliveries.map(({ statusCode }) => statusCode)),
      smallints(deliveries.map(({ errorClass }) => errorClass)),
      integers(attempts.map((attempt) => attempt?.webhookVersion ?? null)),
      smallints(attempts.map((attempt) => attempt?.manual ?? null)),
      bigints(attempts.map((attempt) => attempt?.startedAt ?? null)),
      integers(attempts.map((attempt) => attempt?.durationMs ?? null)),
      texts(attempts.map((attempt) => attempt?.errorDetail ?? null)),
      utf8s(attempts.map((attempt) => attempt?.responseBody ?? null)),
    ],
  );
}

async function writeAttempts(client: ClientBase, attempts: readonly MovedAttempt[]): Promise<void> {
  if (attempts.length === 0) return;
  await client.query(
    `insert into attempts (account, delivery, number, webhook_version, manual, started_at, duration_ms, status_code, error_class,
       error_detail, response_body)
     select * from unnest($1::text[], $2::bigint[], $3::integer[], $4::integer[], $5::smallint[], $6::bigint[], $7::integer[],
       $8::smallint[], $9::smallint[], $10::text[], $11::bytea[])`,
    [
      texts(attempts.map(({ account }) => account)),
      bigints(attempts.map(({ delivery }) => delivery)),
      integers(attempts.map(({ number }) => number)),
      integers(attempts.map(({ webhookVersion }) => webhookVersion)),
      smallints(attempts.map(({ manual }) => manual)),
      bigints(attempts.map(({ startedAt }) => startedAt)),
      integers(attempts.map(({ durationMs }) => durationMs)),
      smallints(attempts.map(({ statusCode }) => statusCode)),
      smallints(attempts.map(({ errorClass }) => errorClass)),
      texts(attempts.map(({ errorDetail }) => errorDetail)),
      utf8s(attempts.map(({ responseBody }) => responseBody)),
    ],
  );
}

/** What finds events whose contents are gone; inside a transaction. */
export async function writeTerms(client: ClientBase, terms: readonly LooseTerm[]): Promise<void> {
  const numbers = terms.filter(({ number }) => number !== null);
  if (numbers.length > 0) {
    const seqs = numbers.map(({ event }) => event);
    await client.query(
      `update events e set number_key = t.term from unnest($1::text[], $2::bigint[], $3::bigint[]) as t (account, seq, term)
       where e.account = t.account collate "C" and e.seq = t.seq and e.seq between $4 and $5`,
      [
        texts(numbers.map(({ account }) => account)),
        bigints(seqs),
        bigints(numbers.map(({ number }) => number)),
        Math.min(...seqs),
        Math.max(...seqs),
      ],
    );
  }
  await writeIdentities(
    client,
    terms.flatMap(({ account, event, identity }) =>
      identity === null ? [] : [{ account, event, identity }],
    ),
  );
}
