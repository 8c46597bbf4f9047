import { onTestFinished, vi } from 'vitest';
import type { Clock } from '../../core/clock.ts';
import type { AfterAttempt, AttemptRecord } from '../../core/delivery.ts';
import type { Event } from '../../core/event.ts';
import { createSequence, parseSequenceId, sequenceId } from '../../core/ids.ts';
import { stateOf } from '../../stores/codes.ts';
import { eventRow } from '../../stores/log/rows.ts';
import type { CourierLog } from '../../stores/ports/delivery-log.ts';
import { packEvents } from '../../stores/sqlite/writer/columns.ts';
import { createCourierLog } from '../../stores/sqlite/writer/courier-log.ts';
import { createPlayedWriter } from './played-writer.ts';

type Question = 'loadPending' | 'loadRetries' | 'loadThese' | 'waiting' | 'requeueMany' | 'skipWaiting';

/** The real store's part of a courier, in memory; it answers one question after another, when the test says so. */
export interface PlayedLog extends CourierLog {
  /** Stores events for a webhook and tells of their deliveries, once its turn comes. Gives the deliveries' ids. */
  accept(webhookId: string, events: readonly Event[]): string[];
  /** Answers the next question, or commits what waits for a commit; `false` when there is neither. */
  answer(): boolean;
  /** What was recorded or skipped last of a delivery; `null` while it was never tried. */
  stateOf(id: string): AfterAttempt | null | undefined;
  /** What is on disk. */
  readonly records: readonly AttemptRecord[];
  /** Questions of these kinds fail. */
  readonly failing: Set<Question>;
  /** Nothing can be written. */
  refuses: boolean;
  /** How often each kind was asked. */
  readonly asked: Map<Question, number>;
}

/** Until its test has ended, real timers are played: they fire when nothing else happens. */
export function createPlayedLog(clock: Clock): PlayedLog {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const writer = createPlayedWriter();
  const thread = writer.thread();
  const log = createCourierLog(writer.port(), clock);
  const sequence = createSequence(clock, 0);
  const records: AttemptRecord[] = [];
  const failing = new Set<Question>();
  const asked = new Map<Question, number>();
  const row = writer.db.prepare('SELECT state, attempts, due, reason FROM deliveries WHERE seq = ?');

  function question<A extends unknown[], T>(
    kind: Question,
    ask: (...args: A) => Promise<T>,
  ): (...args: A) => Promise<T> {
    return (...args) => {
      asked.set(kind, (asked.get(kind) ?? 0) + 1);
      return failing.has(kind) ? Promise.reject(new Error(`${kind} fails`)) : ask(...args);
    };
  }

  return {
    ...log,
    loadPending: question('loadPending', log.loadPending),
    loadRetries: question('loadRetries', log.loadRetries),
    waiting: question('waiting', log.waiting),
    requeueMany: question('requeueMany', log.requeueMany),
    skipWaiting: question('skipWaiting', log.skipWaiting),
    record(attempt, onDisk) {
      log.record(attempt, () => {
        records.push(attempt);
        onDisk();
      });
    },
    records,
    failing,
    asked,
    get refuses() {
      return writer.refuses;
    },
    set refuses(refuses) {
      writer.refuses = refuses;
    },
    accept(webhookId, events) {
      const rows = events.map((event) =>
        eventRow({ event, ownId: null, webhookIds: [webhookId] }, sequence.take(2)),
      );
      void thread.ask('commit', packEvents(rows), null, []);
      return rows.map(({ seq }) => sequenceId('dlv', seq + 1));
    },
    answer() {
      if (writer.answer()) return true;
      if (vi.getTimerCount() === 0) return false;
      vi.advanceTimersToNextTimer();
      return true;
    },
    stateOf(id) {
      const found = row.get(parseSequenceId('dlv', id) ?? 0);
      if (!found) return undefined;
      const state = stateOf(Number(found.state));
      if (state === 'pending') return null;
      if (state === 'delivered') return { state };
      if (state === 'retrying') return { state, dueAt: Number(found.due) };
      return { state, reason: String(found.reason) };
    },
  };
}
