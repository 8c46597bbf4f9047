import type { Event } from '../../core/event.ts';
import type { Webhook } from '../../core/webhook.ts';
import type { FakeRequest } from './fake-sender.ts';

/** One answer of a played endpoint. */
export interface PlayedAnswer {
  /** `files`, `ports`: the request never reached it, since the gateway's machine had none left. */
  readonly status: number | 'timeout' | 'files' | 'ports';
  readonly afterMs: number;
  readonly retryAfter?: string;
}

/** What the test knows of one delivery, apart from the program's own books. */
export interface ModelDelivery {
  /** The event's own id and transaction id, by which requests are told apart. */
  readonly name: string;
  readonly webhookId: string;
  /** Counts arrivals. */
  readonly place: number;
  readonly event: Event;
  /** Known once its event is stored. */
  id: string | null;
  /** How often it was sent. */
  sends: number;
  /** Sent, and not recorded yet. */
  isOut: boolean;
  /** The latest attempt that was recorded. */
  latest: 'delivered' | 'retrying' | 'failed' | 'skipped' | null;
  dueAt: number;
  /** It was asked to be sent again at least once. */
  replayed: boolean;
  /** It was asked to be sent again, and was not sent since. */
  owed: boolean;
  /** That may have been asked while it was under way: then it goes out again as soon as that has ended. */
  mayHurry: boolean;
}

/** What the test knows of one webhook and its endpoint. */
export interface ModelWebhook {
  webhook: Webhook;
  readonly deliveries: ModelDelivery[];
  /** Its answers, one request after another, over and over. */
  answers: readonly PlayedAnswer[];
  answered: number;
  readonly underWay: Set<ModelRequest>;
  /** When requests started since the rate was set. */
  starts: number[];
  /** Failures in a row that count, of requests that started since its configuration changed. A time-out is two. */
  failures: number;
  /** When it last answered that it is there. */
  wellAt: number;
  /** When a probe failed last. */
  probeFailedAt: number;
  /** Rises when what the endpoint did before does not count any more. */
  era: number;
  deleted: boolean;
  /** How often it was. */
  deletions: number;
}

export interface ModelRequest {
  readonly sent: FakeRequest;
  readonly deliveries: readonly ModelDelivery[];
  readonly era: number;
  /** It started when the breaker must have been open. */
  readonly isProbe: boolean;
  /** Something in it was never tried. */
  readonly isFirst: boolean;
  /** Those of its deliveries that were asked to be sent again. */
  readonly owed: readonly ModelDelivery[];
}

/** So many failures in a row open a breaker, whatever came before. */
export const failuresThatOpen = 10;

export function mustBeOpen(of: ModelWebhook): boolean {
  return of.failures >= failuresThatOpen;
}
