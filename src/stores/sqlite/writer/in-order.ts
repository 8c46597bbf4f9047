import type { DatabaseSync } from 'node:sqlite';
import { isCutText } from '../../../core/cut-event.ts';
import type { EventDraft } from '../../../core/event.ts';
import { statusStep } from '../../../core/status-ladder.ts';
import { heldCode, stateCode } from '../../codes.ts';
import { decodeEvent, type EventText } from '../../event-body.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import { orderKeys, storyKey, storyOf } from '../../log/order-key.ts';
import { outdated } from '../../log/rows.ts';
import { loadColumns } from './loaded-row.ts';

/**
 * One message's reports strictly one after another, for webhooks that want it, decided where it is also stored, so that
 * it holds across restarts and costs the lanes nothing:
 *
 * ```text
 * accepted ── an earlier report of the message has not ended ──▸ held ──┐ the one before has ended
 *    │                                                                  ▼
 *    └──────────────────────────────────────────────────▸ one that says more was delivered? ── yes ──▸ skipped: outdated
 *                                                                       │ no
 *                                                                       ▼
 *                                                                    pending
 * ```
 * A delivery that was held is stored as a retry that is due when it may be sent: its place among the pending ones is
 * behind what its lane has loaded already.
 */
export interface InOrder {
  /** How a new delivery of an ordered webhook begins. */
  begin(
    webhook: string,
    event: EventDraft,
  ): { readonly state: number; readonly reason: string | null; readonly key: number };
  /** An ordered delivery has ended; gives what that means for those of its message that waited for it. */
  ended(delivery: number, state: number, at: number): OrderEffect;
  /** Forgets messages of which nothing was told for so long that no report comes any more; some at a time. */
  forgetOld(now: number): void;
}

/** What happened to deliveries that were held. */
export interface OrderEffect {
  /** It may be sent now. */
  readonly released: LoadedRow | null;
  /** They were skipped. */
  readonly outdated: readonly LoadedRow[];
}

const nothing: OrderEffect = { released: null, outdated: [] };

const pending = stateCode('pending');
const retrying = stateCode('retrying');
const delivered = stateCode('delivered');
const skipped = stateCode('skipped');
/** WhatsApp's read reports come up to 10 days later (8x8), failures up to 30 (YCloud). */
const rememberMs = 31 * 24 * 60 * 60 * 1000;
const forgetAtOnce = 200;

interface OrderedRow {
  readonly webhook: string;
  readonly order_key: number | null;
  readonly event: number;
}

export function createInOrder(db: DatabaseSync): InOrder {
  const unfinished = db.prepare('SELECT 1 FROM deliveries WHERE webhook = ? AND order_key = ? LIMIT 1');
  const told = db.prepare('SELECT step, event FROM told_steps WHERE webhook = ? AND message = ?');
  const tell = db.prepare(
    `INSERT INTO told_steps (webhook, message, step, at, event) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET event = iif(excluded.step >= step, excluded.event, event),
       step = max(step, excluded.step), at = excluded.at`,
  );
  const ordered = db.prepare('SELECT webhook, order_key, event FROM deliveries WHERE seq = ?');
  const end = db.prepare('UPDATE deliveries SET order_key = NULL WHERE seq = ?');
  const next = db.prepare(
    `SELECT ${loadColumns} WHERE d.webhook = ? AND d.order_key = ? AND d.state = ${heldCode} ORDER BY d.seq LIMIT 1`,
  );
  const release = db.prepare(`UPDATE deliveries SET state = ${retrying}, due = ? WHERE seq = ?`);
  const skip = db.prepare(
    `UPDATE deliveries SET state = ${skipped}, due = ?, reason = '${outdated}', order_key = NULL WHERE seq = ?`,
  );
  const eventRow = db.prepare('SELECT seq, id, account, body FROM events WHERE seq = ?');
  const forget = db.prepare(
    `DELETE FROM told_steps WHERE (webhook, message) IN
       (SELECT webhook, message FROM told_steps WHERE at < ? ORDER BY at LIMIT ${forgetAtOnce})`,
  );

  function isOutdated(webhook: string, event: EventDraft): boolean {
    const step = statusStep(event);
    const before = step > 0 ? told.get(webhook, storyKey(event)) : undefined;
    if (!before || step >= Number(before.step)) return false;
    // The key is a hash: another message may have it.
    const teller = before.event === null ? null : eventOf(Number(before.event));
    return teller === null || storyOf(teller) === storyOf(event);
  }

  function eventOf(seq: number): EventDraft | null {
    const row = eventRow.get(seq) as EventText | undefined;
    // Of one whose contents are gone it is not known whose story it told.
    return row && !isCutText(row.body) ? decodeEvent(row) : null;
  }

  return {
    begin(webhook, event) {
      const keys = orderKeys(event);
      const busy = keys.find((queue) => unfinished.get(webhook, queue));
      if (busy !== undefined) return { state: heldCode, reason: null, key: busy };
      const [key] = keys;
      if (isOutdated(webhook, event)) return { state: skipped, reason: outdated, key };
      return { state: pending, reason: null, key };
    },
    ended(delivery, state, at) {
      const row = ordered.get(delivery) as OrderedRow | undefined;
      if (!row) return nothing;
      if (state === delivered) {
        const event = eventOf(row.event);
        const step = event ? statusStep(event) : 0;
        if (event && step > 0) tell.run(row.webhook, storyKey(event), step, at, row.event);
      }
      if (row.order_key === null) return nothing;
      end.run(delivery);
      const overtaken: LoadedRow[] = [];
      for (;;) {
        const held = next.get(row.webhook, row.order_key) as LoadedRow | undefined;
        if (!held) return { released: null, outdated: overtaken };
        // What a person asked to be sent again goes out whatever was told since.
        if (held.manual === 1 || !isOutdated(held.webhook, decodeEvent({ ...held, seq: held.event }))) {
          release.run(at, held.seq);
          return { released: { ...held, due: at }, outdated: overtaken };
        }
        skip.run(at, held.seq);
        overtaken.push({ ...held, due: at });
      }
    },
    forgetOld(now) {
      forget.run(now - rememberMs);
    },
  };
}
