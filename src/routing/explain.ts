import { products } from '../core/products/index.ts';
import type { RoutingRule, WebhookStatus } from '../core/webhook.ts';
import { reportTypeWords } from '../core/words.ts';
import { type Mismatch, mismatchOf, type RoutedEvent } from './match.ts';

/** Why a webhook does not get an event. */
export const routingReasons = [
  'other_product',
  'other_report_type',
  'other_number',
  'status_not_wanted',
  'created_later',
  'deleted_before',
  'was_not_there',
] as const satisfies (Mismatch | string)[];
export type RoutingReason = (typeof routingReasons)[number];

/** One event that was accepted, and one webhook of its account. */
export interface RoutingCase {
  readonly event: RoutedEvent;
  readonly acceptedAt: number;
  /** There is a delivery of the event to the webhook. */
  readonly delivered: boolean;
  readonly webhook: {
    readonly status: WebhookStatus;
    readonly createdAt: number;
    readonly deletedAt: number | null;
    /** As it is now, or was at its end. */
    readonly ruleNow: RoutingRule;
    /** As it was when the event was accepted; `null`: there was none. */
    readonly ruleThen: RoutingRule | null;
  };
}

export interface Explanation {
  readonly matched: boolean;
  /** `null` where it matched. */
  readonly reason: RoutingReason | null;
  /** A sentence or two for people. */
  readonly text: string;
}

/**
 * Why a webhook got an event or did not, in words. Whether it did is known from the delivery; why not is told by the rule
 * that decided it, {@link mismatchOf}, on the webhook as it was then.
 */
export function explainRouting(given: RoutingCase): Explanation {
  if (given.delivered) return { matched: true, reason: null, text: textOfMatch(given) };
  const { reason, text } = miss(given);
  return { matched: false, reason, text };
}

function textOfMatch({ event, webhook }: RoutingCase): string {
  const rule = webhook.ruleThen ?? webhook.ruleNow;
  const number = rule.productUniqueId === null ? '' : `, the ${numberLabel(rule)} ${rule.productUniqueId}`;
  const status = rule.settings.statuses && event.status !== null ? `, the status ${event.status}` : '';
  const sentences = [`It is for ${productOf(event)}, ${typeOf(event)}${number}${status}: the event matches.`];
  if (webhook.deletedAt !== null) {
    sentences.push('The webhook was deleted later: what had not been delivered was skipped.');
  } else if (webhook.status === 'disabled') {
    sentences.push('The webhook is disabled: what still waits for it is sent when it is enabled.');
  }
  if (mismatchOf(webhook.ruleNow, event) !== null) {
    sentences.push('It has been changed since, and would not get such an event now.');
  }
  return sentences.join(' ');
}

function miss({ event, acceptedAt, webhook }: RoutingCase): { reason: RoutingReason; text: string } {
  const { ruleThen, ruleNow, createdAt, deletedAt } = webhook;
  if (ruleThen === null || createdAt > acceptedAt) {
    return { reason: 'created_later', text: 'The webhook was made after the event had come.' };
  }
  const reason = mismatchOf(ruleThen, event);
  if (reason !== null) {
    const changed =
      deletedAt === null && mismatchOf(ruleNow, event) === null
        ? ' It has been changed since, and would get such an event now.'
        : '';
    return { reason, text: textOfMismatch[reason](ruleThen, event) + changed };
  }
  if (deletedAt !== null && deletedAt <= acceptedAt) {
    return { reason: 'deleted_before', text: 'The webhook had been deleted before the event came.' };
  }
  const text =
    'It would have matched, but was not there at that moment: it was being made, changed or restored, or was deleted for a while.';
  return { reason: 'was_not_there', text };
}

const textOfMismatch: { readonly [M in Mismatch]: (rule: RoutingRule, event: RoutedEvent) => string } = {
  other_product: (rule, event) => `It is for ${productOf(rule)}; the event is of ${productOf(event)}.`,
  other_report_type: (rule, event) => `It is for ${typeOf(rule)}; the event is ${typeOf(event)}.`,
  other_number: (rule, event) => {
    const of = event.productUniqueId === null ? 'names none' : `is of ${event.productUniqueId}`;
    return `It is for the ${numberLabel(rule)} ${rule.productUniqueId}; the event ${of}.`;
  },
  status_not_wanted: ({ settings: { statuses } }, { status }) =>
    `It takes only the statuses ${statuses?.join(', ') ?? ''}; the event has ${status ?? 'none'}.`,
};

function productOf({ product }: Pick<RoutedEvent, 'product'>): string {
  return products[product].label;
}

function typeOf({ reportType }: Pick<RoutedEvent, 'reportType'>): string {
  return reportTypeWords[reportType].label;
}

function numberLabel({ product }: RoutingRule): string {
  return products[product].identity?.label ?? 'number';
}
