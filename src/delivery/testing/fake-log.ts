import type { AfterAttempt, AttemptRecord, QueuedDelivery } from '../../core/delivery.ts';
import type { DeliveryLog, WaitingSummary } from '../../stores/ports/delivery-log.ts';

type Question = 'loadPending' | 'loadRetries' | 'waiting' | 'requeueMany' | 'skipWaiting' | 'record';

interface Row {
  readonly delivery: QueuedDelivery;
  after: AfterAttempt | null;
}

/** A delivery log in memory that answers one question after another, when the test says so. */
export interface FakeLog extends DeliveryLog {
  /** Stores deliveries and tells of them, once its turn comes. */
  accept(deliveries: readonly QueuedDelivery[]): void;
  /** Answers the next question; `false` when there is none. */
  answer(): boolean;
  /** What was recorded or skipped last of a delivery; `null` while it was never tried. */
  stateOf(id: string): AfterAttempt | null | undefined;
  readonly records: readonly AttemptRecord[];
  /** Questions of these kinds fail. */
  readonly failing: Set<Question>;
  /** How often each kind was asked. */
  readonly asked: Map<Question, number>;
}

export function createFakeLog(): FakeLog {
  const rows = new Map<string, Row>();
  const questions: (() => void)[] = [];
  const records: AttemptRecord[] = [];
  const failing = new Set<Question>();
  const asked = new Map<Question, number>();
  let tell: (deliveries: readonly QueuedDelivery[]) => void = () => {};

  function ask<T>(kind: Question, answer: () => T): Promise<T> {
    asked.set(kind, (asked.get(kind) ?? 0) + 1);
    return new Promise((resolve, reject) => {
      questions.push(() => {
        if (failing.has(kind)) reject(new Error(`${kind} fails`));
        else resolve(answer());
      });
    });
  }

  const of = (webhookId: string): Row[] =>
    [...rows.values()].filter((row) => row.delivery.webhookId === webhookId);
  const dueAt = ({ after }: Row): number | null => (after?.state === 'retrying' ? after.dueAt : null);
  const earliest = (found: readonly Row[]): number | null =>
    found.reduce<number | null>((least, row) => {
      const due = dueAt(row);
      return due === null || (least !== null && least < due) ? least : due;
    }, null);

  function change(id: string, parts: Partial<QueuedDelivery>, after: AfterAttempt): void {
    const row = rows.get(id);
    if (row) rows.set(id, { delivery: { ...row.delivery, ...parts }, after });
  }

  return {
    records,
    failing,
    asked,
    queued: 0,
    latestAt: 0,
    bringRetriesBack: async () => 0,
    health: { problem: null, failingSince: null, failures: 0 },
    onHealth() {},
    accept(deliveries) {
      questions.push(() => {
        for (const delivery of deliveries) rows.set(delivery.id, { delivery, after: null });
        tell(deliveries);
      });
    },
    answer() {
      const next = questions.shift();
      next?.();
      return next !== undefined;
    },
    stateOf: (id) => rows.get(id)?.after,
    onAccepted(listener) {
      tell = listener;
    },
    onReleased() {},
    onOutdated() {},
    append: () => Promise.reject(new Error('Use accept.')),
    conclude({ deliveryId, after }, onDisk) {
      questions.push(() => {
        change(deliveryId, {}, after);
        onDisk();
      });
    },
    record(attempt, onDisk) {
      questions.push(() => {
        // The real one goes on trying.
        if (failing.has('record')) return;
        records.push(attempt);
        const since = rows.get(attempt.deliveryId)?.delivery.attemptsSinceReplay ?? 0;
        change(
          attempt.deliveryId,
          {
            ...{ attempts: attempt.number, manual: false, listMost: attempt.listMost ?? null },
            attemptsSinceReplay: since + (attempt.counts === false ? 0 : 1),
            ...(attempt.counts === false ? {} : { countedAt: attempt.startedAt }),
          },
          attempt.after,
        );
        onDisk();
      });
    },
    loadPending: (webhookId, place, limit) =>
      ask('loadPending', () =>
        of(webhookId)
          .filter((row) => row.after === null && row.delivery.id > (place?.id ?? ''))
          .slice(0, limit)
          .map((row) => row.delivery),
      ),
    loadRetries: (webhookId, now, limit) =>
      ask('loadRetries', () => {
        const waiting = of(webhookId).filter((row) => dueAt(row) !== null);
        const due = waiting
          .filter((row) => (dueAt(row) ?? 0) <= now)
          .toSorted((a, b) => (dueAt(a) ?? 0) - (dueAt(b) ?? 0))
          .slice(0, limit);
        const rest = waiting.filter((row) => !due.includes(row));
        return { due: due.map((row) => row.delivery), nextRetryAt: earliest(rest) };
      }),
    waiting: () =>
      ask('waiting', () =>
        [...new Set([...rows.values()].map(({ delivery }) => delivery.webhookId))]
          .map((webhookId): WaitingSummary => {
            const own = of(webhookId);
            return {
              webhookId,
              pending: own.some(({ after }) => after === null),
              nextRetryAt: earliest(own),
            };
          })
          .filter(({ pending, nextRetryAt }) => pending || nextRetryAt !== null),
      ),
    requeueMany: ({ webhookId, deliveryIds, states, now }) =>
      ask('requeueMany', () =>
        deliveryIds.flatMap((id) => {
          const row = rows.get(id);
          if (!row?.after || row.delivery.webhookId !== webhookId || !states.includes(row.after.state))
            return [];
          change(id, { attemptsSinceReplay: 0, manual: true }, { state: 'retrying', dueAt: now });
          return [{ id, orderKey: null }];
        }),
      ),
    skipWaiting: (webhookId, reason) =>
      ask('skipWaiting', () => {
        const waiting = of(webhookId).filter((row) => row.after === null || dueAt(row) !== null);
        for (const { delivery } of waiting) change(delivery.id, {}, { state: 'skipped', reason });
        return waiting.length;
      }),
    close: async () => {},
  };
}
