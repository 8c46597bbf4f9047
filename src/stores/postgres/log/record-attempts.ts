import type { ClientBase } from 'pg';
import { shardOf } from '../../../core/shards.ts';
import { stateCode } from '../../codes.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import type { AttemptRow } from '../../log/row-types.ts';
import { bigints, integers, smallints, texts, utf8s } from '../array-params.ts';
import { rollBack } from '../connection.ts';
import { askKept, type KeptStatement } from '../kept-statements.ts';
import { beginBrief } from '../transaction.ts';
import { joinEvent, loadedColumns } from './loads.ts';
import { lockEach } from './message-locks.ts';
import { type EndedInOrder, type Turns, takeTurns } from './take-turns.ts';

/** An attempt, or an end without one, of a delivery of this webhook. */
export interface RecordRow extends AttemptRow {
  readonly account: string;
  readonly webhook: string;
  /** It counts under this epoch of the webhook's shard; `null`: under any. */
  readonly epoch: number | null;
}

/** What came of recording. */
export interface RecordedRows {
  readonly turns: Turns;
  /** Deliveries that are another process's meanwhile: nothing was recorded of them. */
  readonly lost: ReadonlySet<number>;
}

const retrying = stateCode('retrying');
const delivered = stateCode('delivered');
const noTurns: Turns = { released: [], overtaken: [] };
/** Retries of one webhook that are told of again where it is not known which have been. */
const mostToldAgain = 1_000;

/**
 * Records attempts and their effects; each delivery is among them once. Those whose delivery goes on waiting become rows of
 * `attempts`, those that end theirs a row of `deliveries`: one statement, which is a transaction of its own where no webhook wants
 * order.
 *
 * What a process records of a shard that another one has taken meanwhile does not count: the lease's epoch is another one. It is
 * read in the statement's own snapshot: of two that meet in the same moment the number of the attempt decides.
 *
 * What was recorded already is found so and left, since the number of the attempt is compared: so a batch whose answer was lost is
 * recorded again without harm.
 *
 * @param isAgain the batch may be recorded already
 */
export async function recordAttempts(
  client: ClientBase,
  records: readonly RecordRow[],
  isAgain: boolean,
): Promise<RecordedRows> {
  const inOrder = records.filter(({ ordered, state }) => ordered && state > retrying);
  if (inOrder.length === 0) {
    return { turns: noTurns, lost: lostOf(await record(client, records, false)) };
  }
  await client.query(beginBrief);
  try {
    await client.query(
      lockEach(`(select w.webhook, w.order_key from unnest($1::text[], $2::text[], $3::bigint[]) as g (account, webhook, seq)
        join waiting w on w.account = g.account collate "C" and w.webhook = g.webhook collate "C" and w.seq = g.seq) as q`),
      [
        texts(inOrder.map(({ account }) => account)),
        texts(inOrder.map(({ webhook }) => webhook)),
        bigints(inOrder.map(({ delivery }) => delivery)),
      ],
    );
    const ended = await record(client, records, true);
    const turns = await takeTurns(client, endedInOrder(inOrder, ended));
    const released = isAgain ? await toldAgain(client, inOrder) : turns.released;
    await client.query('commit');
    return { turns: { ...turns, released }, lost: lostOf(ended) };
  } catch (error) {
    await rollBack(client, error);
    throw error;
  }
}

/** A delivery that ended now, or was not waiting any more. */
interface Ended {
  readonly seq: number;
  readonly event: number | null;
  readonly order_key: number | null;
  readonly is_lost: boolean;
}

function lostOf(rows: readonly Ended[]): ReadonlySet<number> {
  return new Set(rows.filter(({ is_lost }) => is_lost).map(({ seq }) => seq));
}

/** @param withEnded whether to give those that ended as well; else those alone that were not waiting */
async function record(
  client: ClientBase,
  records: readonly RecordRow[],
  withEnded: boolean,
): Promise<readonly Ended[]> {
  const retries = records.some(({ state }) => state === retrying);
  const statement = statements[withEnded ? 1 : 0][retries ? 1 : 0];
  const { rows } = await askKept<Ended>(client, statement, paramsOf(records));
  // Somebody ended the delivery while its last attempt was under way, or it is recorded already.
  const late = new Set(rows.filter(({ event, is_lost }) => event === null && !is_lost).map(({ seq }) => seq));
  if (late.size > 0) {
    await client.query(lateStatement, paramsOf(records.filter(({ delivery }) => late.has(delivery))));
  }
  return rows;
}

function endedInOrder(records: readonly RecordRow[], ended: readonly Ended[]): EndedInOrder[] {
  const bySeq = new Map(ended.map((row) => [row.seq, row]));
  return records.flatMap(({ account, webhook, delivery, state, due }) => {
    const row = bySeq.get(delivery);
    if (!row || row.event === null) return [];
    return [
      {
        account,
        webhook,
        event: row.event,
        order_key: row.order_key,
        isDelivered: state === delivered,
        at: due,
      },
    ];
  });
}

/** Who was let go by a batch whose answer was lost nobody knows: all that may go. Lanes know what they have been told of. */
async function toldAgain(client: ClientBase, records: readonly RecordRow[]): Promise<readonly LoadedRow[]> {
  const webhooks = new Map(records.map(({ account, webhook }) => [webhook, account]));
  const { rows } = await client.query<LoadedRow>(
    `select ${loadedColumns} from unnest($1::text[], $2::text[]) as k (account, webhook)
     cross join lateral (
       select * from waiting w where w.account = k.account collate "C" and w.webhook = k.webhook collate "C"
         and w.state = ${retrying} and w.order_key is not null and w.due <= $3::bigint order by w.due, w.seq limit ${mostToldAgain}) as w
     ${joinEvent}`,
    [texts([...webhooks.values()]), texts([...webhooks.keys()]), Math.max(...records.map(({ due }) => due))],
  );
  return rows;
}

const columns = `account, webhook, seq, number, webhook_version, manual, started_at, duration_ms, status_code, error_class,
  error_detail, response_body, state, due, reason, counts, list_most, shard, epoch`;
const asked = `asked as (
    select g.*, g.account collate "C" as account_id, g.webhook collate "C" as webhook_id
    from unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::integer[], $6::smallint[], $7::bigint[], $8::integer[],
      $9::smallint[], $10::smallint[], $11::text[], $12::bytea[], $13::smallint[], $14::bigint[], $15::text[], $16::integer[],
      $17::integer[], $18::smallint[], $19::bigint[]) as g (${columns})
  )`;
const isGiven = 'w.account = g.account_id and w.webhook = g.webhook_id and w.seq = g.seq';

const retriedParts = `, retried as (
    update waiting w set state = ${retrying}, attempts = g.number, since_replay = w.since_replay + g.counts,
      counted_at = case when g.counts = 1 then g.started_at else w.counted_at end, list_most = g.list_most, manual = 0, due = g.due,
      status_code = g.status_code, error_class = g.error_class
    from given g where g.state = ${retrying} and ${isGiven} and w.attempts = g.number - 1
    returning g.*
  ), tried as (
    insert into attempts (account, delivery, number, webhook_version, manual, started_at, duration_ms, status_code, error_class,
      error_detail, response_body)
    select account, seq, number, webhook_version, manual, started_at, duration_ms, status_code, error_class, error_detail,
      response_body
    from retried
  )`;

/**
 * @param withEnded whether to give those that ended as well; else those alone that were not waiting
 * @param withRetries whether there are any that go on waiting: where there are none, nothing is made ready for them
 */
function statementOf(withEnded: boolean, withRetries: boolean): KeptStatement {
  // A delivery that ends without an attempt (number 0) has its latest one in attempts.
  const text = `
  with ${asked}, given as (
    select g.* from asked g
    where g.epoch is null or exists (select from shard_leases l where l.shard = g.shard and l.epoch = g.epoch)
  ), ended as (
    delete from waiting w using given g
    where g.state > ${retrying} and ${isGiven} and (g.number = 0 or w.attempts = g.number - 1)
    returning w.account, w.seq, w.event, w.webhook, w.order_key, g.state, g.number, greatest(g.number, w.attempts) as attempts,
      w.since_replay + g.counts as since_replay, g.due as ended_at, g.reason, g.webhook_version, g.manual, g.started_at,
      g.duration_ms, case when g.number = 0 then w.status_code else g.status_code end as status_code,
      case when g.number = 0 then w.error_class else g.error_class end as error_class, g.error_detail, g.response_body
  ), kept as (
    insert into deliveries (account, seq, event, webhook, state, attempts, since_replay, manual, ended_at, reason, webhook_version,
      attempt_manual, started_at, duration_ms, status_code, error_class, error_detail, response_body)
    select account, seq, event, webhook, state, attempts, since_replay, 0, ended_at, reason,
      case when number > 0 then webhook_version end, case when number > 0 then manual end,
      case when number > 0 then started_at end, case when number > 0 then duration_ms end,
      status_code, error_class, error_detail, response_body
    from ended
  )${withRetries ? retriedParts : ''}
  select g.seq, e.event, e.order_key, not exists (select from given n where n.seq = g.seq) as is_lost
  from asked g left join ended e on e.seq = g.seq
  where ${withEnded ? 'true' : 'e.seq is null'}${withRetries ? ' and not exists (select from retried r where r.seq = g.seq)' : ''}`;
  return {
    name: `record_attempts${withRetries ? '_and_retries' : ''}${withEnded ? '_in_order' : ''}`,
    text,
  };
}

/** By whether to give those that ended, and whether any go on waiting. */
const statements = [
  [statementOf(false, false), statementOf(false, true)],
  [statementOf(true, false), statementOf(true, true)],
] as const;

// What the endpoint said counts: the delivery was sent. But nothing that somebody ended goes on.
const lateStatement = `
  with ${asked}
  update deliveries d set attempts = g.number, state = case when g.state = ${retrying} then d.state else g.state end,
    reason = case when g.state = ${retrying} then d.reason else g.reason end,
    ended_at = case when g.state = ${retrying} then d.ended_at else g.due end,
    webhook_version = g.webhook_version, attempt_manual = g.manual, started_at = g.started_at, duration_ms = g.duration_ms,
    status_code = g.status_code, error_class = g.error_class, error_detail = g.error_detail, response_body = g.response_body
  from asked g
  where g.number > 0 and d.account = g.account_id and d.seq = g.seq and d.webhook = g.webhook_id and d.attempts = g.number - 1
    and d.webhook_version is null`;

function paramsOf(records: readonly RecordRow[]): unknown[] {
  return [
    texts(records.map(({ account }) => account)),
    texts(records.map(({ webhook }) => webhook)),
    bigints(records.map(({ delivery }) => delivery)),
    integers(records.map(({ number }) => number)),
    integers(records.map(({ webhookVersion }) => webhookVersion)),
    smallints(records.map(({ manual }) => manual)),
    bigints(records.map(({ startedAt }) => startedAt)),
    integers(records.map(({ durationMs }) => durationMs)),
    smallints(records.map(({ statusCode }) => statusCode)),
    smallints(records.map(({ errorClass }) => errorClass)),
    texts(records.map(({ errorDetail }) => errorDetail)),
    utf8s(records.map(({ responseBody }) => responseBody)),
    smallints(records.map(({ state }) => state)),
    bigints(records.map(({ due }) => due)),
    texts(records.map(({ reason }) => reason)),
    integers(records.map(({ counts }) => (counts ? 1 : 0))),
    integers(records.map(({ listMost }) => listMost)),
    smallints(records.map(({ webhook }) => shardOf(webhook))),
    bigints(records.map(({ epoch }) => epoch)),
  ];
}
