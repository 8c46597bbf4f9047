import type { Event, JsonObject } from '../core/event.ts';
import { jsonText } from '../core/json-text.ts';
import type { WebhookConfig } from '../core/webhook.ts';
import type { ObjectWriter } from './formats/format.ts';
import { jsonFormat } from './formats/json.ts';
import { asText } from './json-value.ts';
import { formatMobile } from './mobile.ts';
import { createTimeFormatter } from './time.ts';

/** The keys of Meta's `value` object; a custom parameter of a webhook that gets it cannot have one of them. */
export const whatsappValueNames = ['messaging_product', 'metadata', 'contacts', 'messages'] as const;

/** The event attribute under which a source keeps Meta's `value` object, to be sent on as it came. */
export const metaValueAttribute = 'metaValue';

const epochSeconds = createTimeFormatter('epochSeconds', 'UTC');

/**
 * Writes inbound messages as Meta's `value` object with the custom parameters beside its keys. Where the value has
 * a key that a custom parameter has too (Meta may add any), Meta's own stays and the parameter is left out.
 */
export function createWhatsappMoWriter(config: WebhookConfig): ObjectWriter {
  const custom = config.customParameters.map(({ name, value }) => ({
    name,
    field: jsonFormat.field(jsonFormat.name(name), value),
  }));

  return (event) => {
    const value = metaValue(event) ?? buildValue(event);
    let fields = '';
    for (const { name, field } of custom) if (!Object.hasOwn(value, name)) fields += field;
    const open = jsonText(value).slice(0, -1);
    return `${open}${open === '{' ? fields.slice(1) : fields}}`;
  };
}

function metaValue(event: Event): JsonObject | null {
  const value = event.attributes?.[metaValueAttribute];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

/**
 * Meta's `value` for an event that came another way:
 * ```json
 * { "messaging_product": "whatsapp",
 *   "metadata": { "display_phone_number": "919999999999", "phone_number_id": "1065…" },
 *   "contacts": [{ "profile": { "name": "Asha Rao" }, "wa_id": "919812345678", "user_id": "IN.1349…" }],
 *   "messages": [{ "from": "919812345678", "id": "wamid.…", "timestamp": "1795342530", "type": "text", "text": {} }] }
 * ```
 * As with Meta, system messages have no contacts, and a user without a number has neither `wa_id` nor `from`.
 */
function buildValue(event: Event): JsonObject {
  const waId = event.mobileNumber === null ? null : formatMobile(event.mobileNumber, 'digits');
  const value: JsonObject = { messaging_product: 'whatsapp', metadata: buildMetadata(event) };
  if (event.message?.type !== 'system') value.contacts = [buildContact(event, waId)];
  value.messages = [buildMessage(event, waId)];
  return value;
}

function buildMetadata(event: Event): JsonObject {
  return known({
    display_phone_number: event.productUniqueId,
    phone_number_id: asText(event.attributes?.phoneNumberId),
  });
}

function buildContact(event: Event, waId: string | null): JsonObject {
  return { profile: { name: event.profileName ?? '' }, ...known({ wa_id: waId, user_id: event.userId }) };
}

function buildMessage(event: Event, waId: string | null): JsonObject {
  const seconds = epochSeconds(event.receivedTime);
  return {
    ...known({
      from: waId,
      from_user_id: event.userId,
      id: event.messageId,
      timestamp: seconds === null ? null : String(seconds),
    }),
    ...event.message,
  };
}

/** Leaves out what is `null`. */
function known(values: { readonly [key: string]: string | null }): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(values)) if (value !== null) kept[key] = value;
  return kept;
}
