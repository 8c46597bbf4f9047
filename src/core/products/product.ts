import type { EventFacts } from '../event.ts';
import type { ProductId, ReportType } from './product-id.ts';

export type { ProductId, ReportType };

/** The parameters of a DLR whose *names* a webhook's owner chooses, in the order of the form. */
export const dlrFields = [
  'transactionId',
  'messageId',
  'errorCode',
  'mobileNumber',
  'receivedTime',
  'deliveredTime',
  'readTime',
  'status',
] as const;
export type DlrField = (typeof dlrFields)[number];

/** A DLR field as a product has it. */
export interface ProductField {
  readonly field: DlrField;
  readonly required: boolean;
  /** The label in forms, docs and errors: "Transaction ID Parameter". */
  readonly label: string;
  /** A name that an endpoint could expect, for "Use example names". */
  readonly exampleName: string;
  /** What it carries, one sentence for whoever chooses the name. */
  readonly description: string;
}

/** The identity that a product's messages go through, beside the phone numbers of people. */
export interface ProductIdentity {
  /** "Waba Number": in the form, in prose and in errors alike. */
  readonly label: string;
  /** What a value must look like, and the words for it in an error. */
  readonly pattern: RegExp;
  readonly shape: string;
}

/** A named event for previews, tests and docs; ids and times are filled in by whoever uses it. */
export interface SampleEvent {
  /** "delivered", "read", "text", "button reply"; of `operations` the type. Never changed: programs choose by it. */
  readonly name: string;
  /** "Delivered", for people. */
  readonly title: string;
  readonly event: EventFacts;
}

/**
 * One product. The form, validation, docs and rendering all read this; a new product is one file beside
 * `sms.ts` and a line in `index.ts`.
 */
export interface Product {
  readonly id: ProductId;
  /** "SMS", "WhatsApp"; "Alerts" for what the gateway itself reports. */
  readonly label: string;
  /** `messages`: its events are handed in from outside. `operations`: the gateway makes them, and nobody else may. */
  readonly kind: 'messages' | 'operations';
  readonly reportTypes: readonly ReportType[];
  readonly identity: ProductIdentity | null;
  readonly fields: readonly ProductField[];
  /**
   * Known DLR statuses in the order in which they say more. Other texts are allowed and count as unknown. Of
   * `operations` the types, and no others.
   */
  readonly statuses: readonly string[];
  readonly samples: { readonly [T in ReportType]?: readonly [SampleEvent, ...SampleEvent[]] };
}
