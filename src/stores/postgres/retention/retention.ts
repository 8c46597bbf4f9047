import type { ClientBase, Pool } from 'pg';
import { sequenceId, sequenceTime } from '../../../core/ids.ts';
import type {
  ClockProgress,
  CutPiece,
  OverdueDeliveries,
  Retention,
  RetentionClock,
} from '../../ports/retention.ts';
import { onConnection } from '../connection.ts';
import { inTransaction } from '../transaction.ts';
import { type CursorPlans, clocks, followKeeps, readCursors, writeCursors } from './cursors.ts';
import type { WaitingDelivery } from './end-events.ts';
import { countLeft, isAnyLeft, mostLeft } from './left-events.ts';
import { makePartitions } from './partitions.ts';
import { aheadOf, nextOf, workPiece } from './piece.ts';

export interface RetentionOptions {
  readonly pool: Pool;
  /** The gateway's number key, which is the same for all processes. */
  readonly numberKey: Uint8Array;
  /** Whether others have had something to write a moment ago. */
  readonly isBusy: () => boolean;
}

/** "KEEP": of an advisory lock, so that one process at a time cuts. It ends with the transaction, whatever becomes of the process. */
const lockKey = 0x4b_45_45_50;

/** There are some for two weeks. */
const partitionsEveryMs = 3_600_000;
const triedAgainMs = 60_000;

/**
 * Retention on PostgreSQL. Of several processes one is at work at a time; what the others ask meanwhile is answered with how far
 * it has come. Each piece and how far its cursors have come is one transaction.
 */
export function createPostgresRetention({ pool, numberKey, isBusy }: RetentionOptions): Retention {
  let turn = 0;
  let partitionsDue = 0;
  return {
    async keep(keeps) {
      await inTransaction(pool, 'read committed', async (client) => {
        await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
        const plans = await readCursors(client);
        await writeCursors(client, plans, followKeeps(plans, keeps));
      });
    },
    async cut({ now, mostMs }) {
      const began = performance.now();
      if (now >= partitionsDue) {
        const areThere = await onConnection(pool, (client) => makePartitions(client, now));
        partitionsDue = now + (areThere ? partitionsEveryMs : triedAgainMs);
      }
      return inTransaction(pool, 'read committed', async (client): Promise<CutPiece> => {
        const isMine = await tryLock(client);
        const before = await readCursors(client);
        const done = isMine
          ? await workPiece(client, before, { now, mostMs, key: numberKey, turn: turn++ })
          : { plans: before, cut: 0, dropped: 0, waiting: [] };
        const { plans, cut, dropped, waiting } = done;
        await writeCursors(client, before, plans);
        const progress = {
          payload: await progressOf(client, 'payload', plans, now),
          log: await progressOf(client, 'log', plans, now),
        };
        return {
          ...{ cut, dropped, overdue: byWebhook(waiting), progress },
          isDone: !isMine || (await isDone(client, plans, now)),
          tookMs: performance.now() - began,
          isBusy: isBusy(),
        };
      });
    },
  };
}

async function tryLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1) as taken', [
    lockKey,
  ]);
  return rows[0]?.taken === true;
}

async function isDone(client: ClientBase, plans: CursorPlans, now: number): Promise<boolean> {
  for (const clock of clocks) {
    if (await isAnyLeft(client, clock, now)) return false;
    if ((await aheadOf(client, clock, plans, now, 1)).length > 0) return false;
    if ((await countLeft(client, clock, now)) >= mostLeft) continue;
    for (const cursor of plans[clock].cursors)
      if ((await nextOf(client, cursor, plans, now)) !== null) return false;
  }
  return true;
}

async function progressOf(
  client: ClientBase,
  clock: RetentionClock,
  plans: CursorPlans,
  now: number,
): Promise<ClockProgress> {
  const ending = plans[clock].cursors.filter(({ keepMs }) => keepMs !== null);
  if (ending.length === 0) return { doneUpTo: null, behindMs: 0, left: 0 };
  let [doneUpTo, behindMs] = [now, 0];
  for (const cursor of ending) {
    const due = now - (cursor.keepMs ?? 0);
    const seq = await nextOf(client, cursor, plans, now);
    const reached = seq === null ? due : Math.min(due, sequenceTime(seq));
    doneUpTo = Math.min(doneUpTo, reached);
    behindMs = Math.max(behindMs, due - reached);
  }
  return { doneUpTo, behindMs, left: await countLeft(client, clock, now) };
}

/** Both clocks may tell of the same one. */
function byWebhook(waiting: readonly WaitingDelivery[]): OverdueDeliveries[] {
  const found = new Map<string, Set<string>>();
  for (const { seq, webhook } of waiting) {
    const ids = found.get(webhook) ?? new Set();
    found.set(webhook, ids.add(sequenceId('dlv', seq)));
  }
  return [...found].map(([webhookId, ids]) => ({ webhookId, deliveryIds: [...ids] }));
}
