import type { Cut } from './contents.ts';
import type { ProductId, ReportType } from './products/product-id.ts';

/** JSON as it came: of what was parsed and written again, numbers, keys and escapes are not the same (`kept-json.ts`). */
export type JsonText = string;

/** JSON as it is parsed. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/**
 * One report, complete and checked: a delivery report (DLR), an inbound message (MO), or what the gateway reports of
 * itself (`products/hookwire.ts` says how that uses these fields).
 * Instants are ms since the Unix epoch, UTC. Message ids, transaction ids and error codes are text, never numbers.
 */
export interface Event {
  /** The caller's own id, or one made by the gateway (`evt_…`). */
  readonly id: string;
  readonly accountId: string;
  readonly product: ProductId;
  readonly reportType: ReportType;
  /** WhatsApp: the Waba Number that sent or received the message, as `normalNumber` writes it. */
  readonly productUniqueId: string | null;
  readonly transactionId: string | null;
  readonly messageId: string;
  /** Part of a multipart SMS, from 1. */
  readonly part: number | null;
  /** DLR: `accepted`, `sent`, `delivered`, `read`, `failed`, `expired`, `rejected`, `unknown`, or the platform's own. */
  readonly status: string | null;
  readonly errorCode: string | null;
  /** As `normalNumber` writes it; rendering writes it as the webhook asks. May be absent for a WhatsApp username user. */
  readonly mobileNumber: string | null;
  /** WhatsApp's business-scoped user id (BSUID), `US.1349…`. */
  readonly userId: string | null;
  readonly profileName: string | null;
  readonly receivedTime: number | null;
  readonly sentTime: number | null;
  readonly deliveredTime: number | null;
  readonly readTime: number | null;
  /** An object of what else the platform knows: `templateId`, `entityId`, `operator` … */
  readonly attributes: JsonText | null;
  /** MO: the message object as Meta sends it. */
  readonly message: JsonText | null;
  /** There where its contents are gone; what they were is `null` in the fields then. */
  readonly cut?: Cut;
}

/** An event that is not stored yet: its id is the caller's own, or the store makes one. */
export type EventDraft = Omit<Event, 'id'>;

/** What a report says, whosever it is. */
export type EventFacts = Omit<Event, 'id' | 'accountId'>;

/** An event without what may be large or deep: all that lists show and filters look at. */
export type EventHead = Omit<Event, 'attributes' | 'message'>;
