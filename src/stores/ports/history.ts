import type { AttemptRecord, DeliveryState, ErrorClass } from '../../core/delivery.ts';
import type { Event, EventHead } from '../../core/event.ts';
import type { ProductId, ReportType } from '../../core/products/product.ts';
import type { Page, PageRequest } from './page.ts';

/** What a list of deliveries may be narrowed by. Instants are ms. */
export interface DeliveryFilter {
  /** `null`: every account (operator). */
  readonly accountId: string | null;
  readonly webhookId?: string;
  readonly state?: DeliveryState;
  /** Why it failed or was skipped. */
  readonly stateReason?: string;
  readonly product?: ProductId;
  readonly reportType?: ReportType;
  readonly messageId?: string;
  readonly transactionId?: string;
  readonly mobileNumber?: string;
  /** Of the latest attempt. */
  readonly statusCode?: number;
  /** Of the latest attempt. */
  readonly errorClass?: ErrorClass;
  /** Accepted at or after. */
  readonly from?: number;
  /** Accepted before. */
  readonly to?: number;
}

/** A delivery in a list; of its event what lists show, since the whole of it may have 250 KB. */
export interface ListedDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly event: EventHead;
  readonly state: DeliveryState;
  /** Why it failed or was skipped. */
  readonly stateReason: string | null;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly acceptedAt: number;
  readonly finishedAt: number | null;
  /** Of the latest attempt. */
  readonly statusCode: number | null;
  readonly errorClass: ErrorClass | null;
}

/** A delivery that is shown alone, or live. */
export interface DeliveryWithEvent extends ListedDelivery {
  readonly event: Event;
}

/** An attempt as the store keeps it: its effect is in the delivery. */
export type StoredAttempt = Pick<
  AttemptRecord,
  | 'number'
  | 'webhookVersion'
  | 'manual'
  | 'startedAt'
  | 'durationMs'
  | 'statusCode'
  | 'errorClass'
  | 'errorDetail'
  | 'responseBody'
>;

/** Attempts of one delivery that are shown at most: replays by hand add to them without an end. */
export const shownAttempts = 500;

/** A delivery with all that is known of it. */
export interface DeliveryDetail extends DeliveryWithEvent {
  /** Oldest first; of more than {@link shownAttempts} the latest. */
  readonly attemptLog: readonly StoredAttempt[];
}

/** An event that is shown alone. */
export interface StoredEvent {
  readonly event: Event;
  readonly acceptedAt: number;
  readonly deliveries: readonly DeliveryWithEvent[];
}

/** Events are looked up by ids of their message; at least one. */
export interface EventFilter {
  /** `null`: every account (operator). */
  readonly accountId: string | null;
  readonly messageId?: string;
  readonly transactionId?: string;
  readonly mobileNumber?: string;
}

/** An event in a list, with how many of its deliveries are where. */
export interface FoundEvent {
  readonly event: EventHead;
  readonly acceptedAt: number;
  readonly deliveries: Readonly<Record<DeliveryState, number>>;
}

export type StateOfDelivery = Pick<ListedDelivery, 'id' | 'state'>;

/**
 * Questions about the past. Newest first. Accounts take turns, so that no question waits for all that another account
 * asks. A page ends where it has the rows that were asked for, or a mebibyte, or has cost enough: then it is short, or
 * empty, and its cursor goes on.
 */
export interface History {
  listDeliveries(filter: DeliveryFilter, page: PageRequest): Promise<Page<ListedDelivery>>;
  /** The ids alone of what {@link History.listDeliveries} gives; the same cursors. */
  listDeliveryIds(filter: DeliveryFilter, page: PageRequest): Promise<Page<string>>;
  /** Where these deliveries stand; those that there are not are left out. */
  statesOf(ids: readonly string[]): Promise<readonly StateOfDelivery[]>;
  /** @param asker the account in whose turn it is looked up; an operator's unless told */
  getDelivery(id: string, asker?: string | null): Promise<DeliveryDetail | null>;
  /** Events, also those that went to no webhook. */
  findEvents(filter: EventFilter, page: PageRequest): Promise<Page<FoundEvent>>;
  /** By the gateway's id or by the caller's own; `accountId: null` looks in every account (operator). */
  getEvent(id: string, accountId: string | null): Promise<StoredEvent | null>;
}
