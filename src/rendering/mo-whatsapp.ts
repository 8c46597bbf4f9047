import type { Event, JsonObject, JsonText } from '../core/event.ts';
import { readKept } from '../core/kept-json.ts';
import type { WebhookConfig } from '../core/webhook.ts';
import { memberText, memberTexts, skipBlanks } from '../shared/json-members.ts';
import type { ObjectWriter } from './formats/format.ts';
import { jsonFormat } from './formats/json.ts';
import { asText } from './json-value.ts';
import { metaContactsAttribute, senderOf } from './mo-sender.ts';
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
    const value = attributeText(event, metaValueAttribute, '{') ?? buildValue(event);
    if (custom.length === 0) return value;
    const own = memberTexts(value);
    const fields = custom.filter(({ name }) => !own.has(name)).map(({ field }) => field);
    return withMembers(value, fields.join(''));
  };
}

/** An object with more members behind. @param members each with a comma before it */
function withMembers(object: JsonText, members: string): JsonText {
  return `${object.slice(0, -1)}${isEmpty(object) ? members.slice(1) : members}}`;
}

function isEmpty(object: JsonText): boolean {
  return skipBlanks(object, 1) === object.length - 1;
}

/** An attribute as it came, where its value begins so. */
function attributeText({ attributes }: Event, name: string, beginsWith: '{' | '['): JsonText | null {
  const text = attributes === null ? null : memberText(attributes, name);
  return text?.startsWith(beginsWith) ? text : null;
}

/**
 * Meta's `value` for an event that came another way:
 * ```json
 * { "messaging_product": "whatsapp",
 *   "metadata": { "display_phone_number": "919999999999", "phone_number_id": "1065…" },
 *   "contacts": [{ "profile": { "name": "Asha Rao" }, "wa_id": "919812345678", "user_id": "IN.1349…" }],
 *   "messages": [{ "from": "919812345678", "id": "wamid.…", "timestamp": "1795342530", "type": "text", "text": {} }] }
 * ```
 * The message is written as it came; what of the four before its content it does not have itself goes before it. As with
 * Meta, system messages have no contacts, and a user without a number has neither `wa_id` nor `from`.
 */
function buildValue(event: Event): JsonText {
  const message = event.message ?? '{}';
  const waId = event.mobileNumber === null ? null : formatMobile(event.mobileNumber, 'digits');
  const own = memberTexts(message);
  const contacts = contactsOf(event, own, waId);
  const members = [
    `"messaging_product":"whatsapp","metadata":${JSON.stringify(buildMetadata(event))}`,
    ...(contacts === null ? [] : [`"contacts":${contacts}`]),
    `"messages":[${completeMessage(event, message, own, waId)}]`,
  ];
  return `{${members.join(',')}}`;
}

function buildMetadata(event: Event): JsonObject {
  const phoneNumberId = event.attributes === null ? null : asText(readKept(event.attributes).phoneNumberId);
  return known({ display_phone_number: event.productUniqueId, phone_number_id: phoneNumberId });
}

type Members = ReadonlyMap<string, JsonText>;

/** As Meta sent them, where the event has that; what it does not say of the person the message may. */
function contactsOf(event: Event, message: Members, waId: string | null): JsonText | null {
  const given = attributeText(event, metaContactsAttribute, '[');
  if (given !== null) return given;
  const says = (name: string): string | null => {
    const text = message.get(name);
    return text?.startsWith('"') ? (JSON.parse(text) as string) : null;
  };
  if (says('type') === 'system') return null;
  const sender = senderOf(event, says);
  const contact = {
    profile: { name: sender.profileName ?? '' },
    ...known({
      wa_id: waId ?? sender.mobileNumber,
      user_id: sender.userId,
      parent_user_id: sender.parentUserId,
    }),
  };
  return JSON.stringify([contact]);
}

function completeMessage(event: Event, message: JsonText, own: Members, waId: string | null): JsonText {
  const seconds = epochSeconds(event.receivedTime);
  const missing = Object.entries(
    known({
      from: waId,
      from_user_id: event.userId,
      id: event.messageId,
      timestamp: seconds === null ? null : String(seconds),
    }),
  ).filter(([name]) => !own.has(name));
  if (missing.length === 0) return message;
  const first = JSON.stringify(Object.fromEntries(missing)).slice(0, -1);
  return isEmpty(message) ? `${first}}` : `${first},${message.slice(1)}`;
}

/** Leaves out what is `null`. */
function known(values: { readonly [key: string]: string | null }): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(values)) if (value !== null) kept[key] = value;
  return kept;
}
