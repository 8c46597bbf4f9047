import type { ClientBase } from 'pg';
import type { Keeps, RetentionClock } from '../../ports/retention.ts';
import {
  type Cursor,
  type CursorPlan,
  cursorOfAll,
  mergeCursors,
  planCursors,
} from '../../retention/plan-cursors.ts';

export const clockCodes = { payload: 1, log: 2 } as const satisfies Record<RetentionClock, number>;
export const clocks = ['payload', 'log'] as const satisfies readonly RetentionClock[];

export type CursorPlans = Readonly<Record<RetentionClock, CursorPlan>>;

interface CursorRow {
  readonly id: number;
  readonly clock: number;
  readonly keep_ms: number | null;
  readonly upto: number;
}

interface MemberRow {
  readonly account: string;
  readonly clock: number;
  readonly cursor: number;
}

/** What is on disk, in the order of ids. */
export async function readCursors(client: ClientBase): Promise<CursorPlans> {
  const cursors = await client.query<CursorRow>('select * from retention_cursors order by id');
  const members = await client.query<MemberRow>('select * from retention_members');
  const planOf = (clock: RetentionClock): CursorPlan => ({
    cursors: cursors.rows
      .filter((row) => row.clock === clockCodes[clock])
      .map(({ id, keep_ms, upto }) => ({ id, clock, keepMs: keep_ms, upto })),
    members: new Map(
      members.rows
        .filter((row) => row.clock === clockCodes[clock])
        .map(({ account, cursor }) => [account, cursor]),
    ),
  });
  return { payload: planOf('payload'), log: planOf('log') };
}

/** Writes what is another in `after`; inside a transaction. */
export async function writeCursors(
  client: ClientBase,
  before: CursorPlans,
  after: CursorPlans,
): Promise<void> {
  for (const clock of clocks) if (before[clock] !== after[clock]) await write(client, clock, before, after);
}

async function write(
  client: ClientBase,
  clock: RetentionClock,
  { [clock]: before }: CursorPlans,
  { [clock]: after }: CursorPlans,
): Promise<void> {
  const code = clockCodes[clock];
  const ids = after.cursors.map(({ id }) => id);
  await client.query(
    `insert into retention_cursors (id, clock, keep_ms, upto)
     select id, $2, keep_ms, upto from unnest($1::int[], $3::bigint[], $4::bigint[]) as cursor (id, keep_ms, upto)
     on conflict (id) do update set keep_ms = excluded.keep_ms, upto = excluded.upto`,
    [ids, code, after.cursors.map(({ keepMs }) => keepMs), after.cursors.map(({ upto }) => upto)],
  );
  const joined = [...after.members].filter(([account, id]) => before.members.get(account) !== id);
  if (joined.length > 0) {
    await client.query(
      `insert into retention_members (account, clock, cursor)
       select account, $2, cursor from unnest($1::text[], $3::int[]) as member (account, cursor)
       on conflict (account, clock) do update set cursor = excluded.cursor`,
      [joined.map(([account]) => account), code, joined.map(([, id]) => id)],
    );
  }
  const left = [...before.members.keys()].filter((account) => !after.members.has(account));
  if (left.length > 0) {
    await client.query('delete from retention_members where account = any($1) and clock = $2', [left, code]);
  }
  await client.query('delete from retention_cursors where clock = $1 and not id = any($2)', [code, ids]);
}

/** The cursors that these times need. */
export function followKeeps(plans: CursorPlans, keeps: Keeps): CursorPlans {
  const nextOf = ({ payload, log }: CursorPlans): number =>
    1 + Math.max(...[...payload.cursors, ...log.cursors].map(({ id }) => id));
  const payload = planCursors('payload', plans.payload, keeps, nextOf(plans));
  const withPayload = { ...plans, payload };
  return { payload, log: planCursors('log', plans.log, keeps, nextOf(withPayload)) };
}

/** A cursor has come so far, and is one with another where that has too. */
export function advanceCursor(plans: CursorPlans, { id, clock }: Cursor, upto: number): CursorPlans {
  const { cursors, members } = plans[clock];
  const moved = cursors.map((cursor) => (cursor.id === id ? { ...cursor, upto } : cursor));
  return { ...plans, [clock]: mergeCursors(clock, { cursors: moved, members }) };
}

/** @throws where there is none: an account has always one */
export function cursorOf(plans: CursorPlans, clock: RetentionClock, account: string): Cursor {
  const { cursors, members } = plans[clock];
  const id = members.get(account) ?? cursorOfAll[clock];
  const found = cursors.find((cursor) => cursor.id === id);
  if (!found) throw new Error(`There is no retention cursor ${id}.`);
  return found;
}
