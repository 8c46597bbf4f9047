import type { AttemptRecord, QueuedDelivery } from '../../core/delivery.ts';
import type { SpanExporter } from './exporter.ts';
import { attemptSpanId, isTraced, spanKinds, traceOf } from './span.ts';

/** What traces need of a call that handed in events. */
export interface TracedCall {
  /** In the order of the answer. */
  readonly items: readonly unknown[];
  /** Whose key called; `null`: an operator's, and each item names its account. */
  readonly accountId: string | null;
  /** Tells which events began their way. */
  readonly answer: {
    readonly events: readonly {
      readonly id: string | null;
      readonly result: 'accepted' | 'duplicate' | 'rejected';
      readonly deliveries: number;
    }[];
  };
  /** ms since the Unix epoch. */
  readonly calledAt: number;
  /** When all of it was on disk. */
  readonly answeredAt: number;
}

/**
 * One trace for each event: its acceptance, and under it every attempt at every webhook.
 *
 * ```text
 * accept ─┬─ deliver (webhook 1, attempt 1: 503)
 *         ├─ deliver (webhook 1, attempt 2)
 *         └─ deliver (webhook 2, attempt 1)
 * ```
 */
export interface Tracer {
  received(call: TracedCall): void;
  attempted(record: AttemptRecord, delivery: QueuedDelivery): void;
}

/** @param ratio the share of events that is traced, 0 … 1 */
export function createTracer(exporter: Pick<SpanExporter, 'add'>, ratio: number): Tracer {
  return {
    received({ items, accountId, answer, calledAt, answeredAt }) {
      answer.events.forEach(({ id, result, deliveries }, place) => {
        if (result !== 'accepted' || id === null || !isTraced(id, ratio)) return;
        const account = accountId ?? accountOf(items[place]);
        const { traceId, acceptSpanId } = traceOf(account, id);
        exporter.add({
          traceId,
          spanId: acceptSpanId,
          parentSpanId: null,
          name: 'accept',
          kind: spanKinds.server,
          startedAt: calledAt,
          endedAt: answeredAt,
          attributes: {
            'hookwire.account.id': account,
            'hookwire.event.id': id,
            'hookwire.deliveries': deliveries,
            'hookwire.call.events': items.length,
          },
          error: null,
        });
      });
    },

    attempted(record, { event, acceptedAt }) {
      if (!isTraced(event.id, ratio)) return;
      const { traceId, acceptSpanId } = traceOf(event.accountId, event.id);
      exporter.add({
        traceId,
        spanId: attemptSpanId(record.deliveryId, record.number),
        parentSpanId: acceptSpanId,
        name: 'deliver',
        kind: spanKinds.client,
        startedAt: record.startedAt,
        endedAt: record.startedAt + record.durationMs,
        attributes: {
          'hookwire.account.id': event.accountId,
          'hookwire.event.id': event.id,
          'hookwire.delivery.id': record.deliveryId,
          'hookwire.webhook.id': record.webhookId,
          'hookwire.webhook.version': record.webhookVersion,
          'hookwire.attempt': record.number,
          'hookwire.manual': record.manual,
          'hookwire.state': record.after.state,
          'hookwire.waited_ms': record.startedAt - acceptedAt,
          'http.response.status_code': record.statusCode,
          'error.type': record.errorClass,
        },
        error: record.errorClass,
      });
    },
  };
}

function accountOf(item: unknown): string {
  const account = typeof item === 'object' && item !== null && 'accountId' in item ? item.accountId : null;
  return typeof account === 'string' ? account : '';
}
