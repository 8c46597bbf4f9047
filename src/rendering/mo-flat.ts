import type { Event } from '../core/event.ts';
import { readKept } from '../core/kept-json.ts';
import type { WebhookConfig, WebhookSettings } from '../core/webhook.ts';
import { customFields } from './fields.ts';
import type { FieldValue, Format, ObjectWriter } from './formats/format.ts';
import { asText } from './json-value.ts';
import { readContent } from './mo-content.ts';
import { senderOf } from './mo-sender.ts';
import { formatMobile } from './mobile.ts';
import { createTimeFormatter, type TimeFormatter } from './time.ts';

/** The names of a flat inbound message in the order of sending; a custom parameter cannot have one of them. */
export const flatMoNames = [
  'wabaNumber',
  'messageId',
  'mobileNumber',
  'userId',
  'profileName',
  'receivedTime',
  'type',
  'text',
  'replyId',
  'replyTitle',
  'mediaId',
  'mediaUrl',
  'mimeType',
  'sha256',
  'caption',
  'fileName',
  'latitude',
  'longitude',
  'locationName',
  'locationAddress',
  'reactionEmoji',
  'contextMessageId',
  'message',
] as const;
export type FlatMoName = (typeof flatMoNames)[number];

/** The names of a flat inbound message that a webhook may get. */
export function sentMoNames({ moMessage }: Pick<WebhookSettings, 'moMessage'>): readonly FlatMoName[] {
  return moMessage ? flatMoNames : flatMoNames.filter((name) => name !== 'message');
}

type FlatMo = { readonly [N in FlatMoName]?: FieldValue };

/**
 * Writes inbound messages flat: those of {@link flatMoNames} that the message has, then the custom parameters.
 * Values are text in JSON too, coordinates included; epoch times are numbers and `message` is the message object
 * as it came (its JSON text where the format has no objects).
 */
export function createFlatMoWriter(config: WebhookConfig, format: Format): ObjectWriter {
  const { settings } = config;
  const time = createTimeFormatter(settings.timeFormat, settings.timeZone);
  const names = sentMoNames(settings).map((key) => ({ key, name: format.name(key) }));
  const custom = customFields(config, format);

  return (event) => {
    const values = flatMo(event, time, settings.mobileFormat);
    let fields = '';
    for (const { key, name } of names) {
      const value = values[key];
      if (value !== undefined && value !== null) fields += format.field(name, value);
    }
    return format.object(fields + custom);
  };
}

function flatMo(
  event: Event,
  time: TimeFormatter,
  mobileFormat: WebhookConfig['settings']['mobileFormat'],
): FlatMo {
  const message = event.message === null ? null : readKept(event.message);
  const { mobileNumber, userId, profileName } = senderOf(event, (name) => asText(message?.[name]));
  return {
    wabaNumber: event.productUniqueId,
    messageId: event.messageId,
    mobileNumber: mobileNumber === null ? null : formatMobile(mobileNumber, mobileFormat),
    userId,
    profileName,
    receivedTime: time(event.receivedTime),
    ...(message && { type: asText(message.type), ...readContent(message) }),
    message: event.message === null ? null : { json: event.message },
  };
}
