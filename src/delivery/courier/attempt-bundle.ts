import {
  type AfterAttempt,
  type AttemptRecord,
  deliveryStates,
  errorClasses,
  type QueuedDelivery,
} from '../../core/delivery.ts';
import type { ProductId, ReportType } from '../../core/products/product-id.ts';
import { type EventLabel, storedEvent } from '../../core/stored-event.ts';
import { type ReadEvent, textOf } from './packed-delivery.ts';

/**
 * Many attempts and what they were made of, from a courier to the main thread's observers, as a few columns: they cross
 * threads for 1 µs each so. The writer has less of them, `AttemptColumns`: it knows the deliveries.
 */
export interface AttemptBundle {
  /** {@link numbersPerAttempt} for each; NaN stands for `null`. */
  readonly numbers: Float64Array;
  readonly deliveryIds: readonly string[];
  readonly eventIds: readonly string[];
  readonly texts: readonly string[];
  readonly errorDetails: readonly (string | null)[];
  readonly responseBodies: readonly (string | null)[];
  readonly reasons: readonly (string | null)[];
  /** Webhooks, accounts, products and report types, each once. */
  readonly words: readonly string[];
}

const numbersPerAttempt = 25;

const classPlaces = new Map(errorClasses.map((name, place) => [name, place]));
const statePlaces = new Map(deliveryStates.map((name, place) => [name, place]));

/** Gathers attempts. */
export interface AttemptPacker {
  add(record: AttemptRecord, delivery: QueuedDelivery): void;
  readonly size: number;
  /** What was gathered; it begins anew. */
  take(): AttemptBundle;
}

export function createAttemptPacker(): AttemptPacker {
  let numbers: number[] = [];
  let deliveryIds: string[] = [];
  let eventIds: string[] = [];
  let texts: string[] = [];
  let errorDetails: (string | null)[] = [];
  let responseBodies: (string | null)[] = [];
  let reasons: (string | null)[] = [];
  let words = new Map<string, number>();

  function wordAt(word: string): number {
    const known = words.get(word);
    if (known !== undefined) return known;
    words.set(word, words.size);
    return words.size - 1;
  }

  return {
    get size() {
      return deliveryIds.length;
    },
    add(record, delivery) {
      const { after } = record;
      const { event } = delivery;
      deliveryIds.push(record.deliveryId);
      eventIds.push(event.id);
      texts.push(textOf(delivery));
      errorDetails.push(record.errorDetail);
      responseBodies.push(record.responseBody);
      reasons.push('reason' in after ? after.reason : null);
      numbers.push(
        wordAt(record.webhookId),
        record.webhookVersion,
        record.number,
        record.manual ? 1 : 0,
        record.startedAt,
        record.durationMs,
        record.statusCode ?? Number.NaN,
        record.errorClass === null ? Number.NaN : (classPlaces.get(record.errorClass) ?? Number.NaN),
        statePlaces.get(after.state) ?? 0,
        after.state === 'retrying' ? after.dueAt : 0,
        record.ordered ? 1 : 0,
        (record.counts ?? true) ? 1 : 0,
        record.listMost ?? Number.NaN,
        wordAt(event.accountId),
        wordAt(event.product),
        wordAt(event.reportType),
        delivery.acceptedAt,
        delivery.queuedAt,
        delivery.attempts,
        delivery.attemptsSinceReplay,
        delivery.countedAt ?? Number.NaN,
        delivery.listMost ?? Number.NaN,
        delivery.manual ? 1 : 0,
        delivery.ordered ? 1 : 0,
        record.isHalved ? 1 : 0,
      );
    },
    take() {
      const bundle: AttemptBundle = {
        numbers: Float64Array.from(numbers),
        ...{ deliveryIds, eventIds, texts, errorDetails, responseBodies, reasons },
        words: [...words.keys()],
      };
      numbers = [];
      deliveryIds = [];
      eventIds = [];
      texts = [];
      errorDetails = [];
      responseBodies = [];
      reasons = [];
      words = new Map();
      return bundle;
    },
  };
}

/** Tells of each attempt in its order. */
export function unpackAttempts(
  bundle: AttemptBundle,
  read: ReadEvent,
  tell: (record: AttemptRecord, delivery: QueuedDelivery) => void,
): void {
  const { numbers, words } = bundle;
  for (const [i, deliveryId] of bundle.deliveryIds.entries()) {
    const from = i * numbersPerAttempt;
    const number = (place: number): number => numbers[from + place] ?? 0;
    const orNull = (place: number): number | null => {
      const value = numbers[from + place] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    };
    const word = (place: number): string => words[number(place)] ?? '';
    const webhookId = word(0);
    const errorClass = orNull(7);
    const listMost = orNull(12);
    const text = bundle.texts[i] ?? '';
    const label: EventLabel = {
      id: bundle.eventIds[i] ?? '',
      accountId: word(13),
      product: word(14) as ProductId,
      reportType: word(15) as ReportType,
    };
    // Every field, so that none that is new is forgotten here.
    const record: Required<AttemptRecord> = {
      deliveryId,
      webhookId,
      webhookVersion: number(1),
      number: number(2),
      manual: number(3) === 1,
      startedAt: number(4),
      durationMs: number(5),
      statusCode: orNull(6),
      errorClass: errorClass === null ? null : (errorClasses[errorClass] ?? null),
      errorDetail: bundle.errorDetails[i] ?? null,
      responseBody: bundle.responseBodies[i] ?? null,
      after: afterOf(number(8), number(9), bundle.reasons[i] ?? ''),
      counts: number(11) === 1,
      listMost,
      isHalved: number(24) === 1,
      ordered: number(10) === 1,
    };
    const delivery: Required<QueuedDelivery> = {
      id: deliveryId,
      webhookId,
      event: storedEvent(label, () => read(text, label)),
      acceptedAt: number(16),
      queuedAt: number(17),
      attempts: number(18),
      attemptsSinceReplay: number(19),
      countedAt: orNull(20),
      listMost: orNull(21),
      manual: number(22) === 1,
      ordered: number(23) === 1,
      size: text.length,
      text,
    };
    tell(record, delivery);
  }
}

function afterOf(place: number, dueAt: number, reason: string): AfterAttempt {
  const state = deliveryStates[place];
  switch (state) {
    case 'retrying':
      return { state, dueAt };
    case 'failed':
    case 'skipped':
      return { state, reason };
    default:
      return { state: 'delivered' };
  }
}
