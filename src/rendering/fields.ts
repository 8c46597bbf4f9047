import type { Event } from '../core/event.ts';
import { type DlrField, dlrFields } from '../core/products/product.ts';
import { statusKey } from '../core/status.ts';
import type { WebhookConfig } from '../core/webhook.ts';
import type { FieldValue, Format, ObjectWriter } from './formats/format.ts';
import { formatMobile } from './mobile.ts';
import { createTimeFormatter, type TimeFormatter } from './time.ts';

/**
 * Writes delivery reports: the named parameters in the order of the form, then the custom ones. What the event does
 * not know is sent empty; what the webhook does not name is not sent.
 */
export function createDlrWriter(config: WebhookConfig, format: Format): ObjectWriter {
  const { settings } = config;
  const time = createTimeFormatter(settings.timeFormat, settings.timeZone);
  const named: { field: DlrField; name: string }[] = [];
  for (const field of dlrFields) {
    const name = config.parameterNames[field];
    if (name !== undefined) named.push({ field, name: format.name(name) });
  }
  const custom = customFields(config, format);

  return (event) => {
    let fields = '';
    for (const { field, name } of named) {
      fields += format.field(name, dlrValue(field, event, time, settings.mobileFormat));
    }
    return format.object(fields + custom);
  };
}

/** The custom parameters, encoded: they are the same for every event. */
export function customFields(config: WebhookConfig, format: Format): string {
  return config.customParameters.map(({ name, value }) => format.field(format.name(name), value)).join('');
}

function dlrValue(
  field: DlrField,
  event: Event,
  time: TimeFormatter,
  mobileFormat: WebhookConfig['settings']['mobileFormat'],
): FieldValue {
  switch (field) {
    case 'transactionId':
    case 'messageId':
    case 'errorCode':
    case 'status':
      return event[field];
    case 'mobileNumber':
      // A WhatsApp user with a username may have none; the parameter is then empty and never holds the BSUID.
      return event.mobileNumber === null ? null : formatMobile(event.mobileNumber, mobileFormat);
    case 'receivedTime':
    case 'readTime':
      return time(event[field]);
    case 'deliveredTime':
      return time(deliveredTime(event));
  }
}

/**
 * Someone who has the chat open makes Meta send `read` (voice: `played`) without a `delivered` before it: such a
 * message was delivered when it was read.
 */
function deliveredTime(event: Event): number | null {
  if (event.deliveredTime !== null || event.status === null) return event.deliveredTime;
  const status = statusKey(event.status);
  return status === 'read' || status === 'played' ? event.readTime : null;
}
