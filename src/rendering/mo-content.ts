import type { JsonObject } from '../core/event.ts';
import { asArray, asObject, asText } from './json-value.ts';

/** What an inbound message says, flat; `null` or absent is what it does not have. */
export interface MoContent {
  readonly text?: string | null;
  readonly replyId?: string | null;
  readonly replyTitle?: string | null;
  readonly mediaId?: string | null;
  readonly mediaUrl?: string | null;
  readonly mimeType?: string | null;
  readonly sha256?: string | null;
  readonly caption?: string | null;
  readonly fileName?: string | null;
  readonly latitude?: string | null;
  readonly longitude?: string | null;
  readonly locationName?: string | null;
  readonly locationAddress?: string | null;
  readonly reactionEmoji?: string | null;
  readonly contextMessageId?: string | null;
}

type ContentReader = (message: JsonObject) => MoContent;

/**
 * One reader per `type` of a WhatsApp Cloud API message. Shapes:
 * ```json
 * { "type": "image", "image": { "id": "1", "mime_type": "image/jpeg", "sha256": "…", "caption": "…", "url": "…" } }
 * { "type": "interactive", "interactive": { "type": "list_reply", "list_reply": { "id": "slot_3", "title": "10:00" } } }
 * { "type": "button", "button": { "payload": "STOP", "text": "Stop" } }
 * { "type": "edit", "edit": { "original_message_id": "wamid.…", "message": { "type": "text", "text": { "body": "…" } } } }
 * ```
 * Types without a reader (`unsupported`, `unknown`, what Meta adds next year) have their `type` and the whole message.
 */
const readers: ReadonlyMap<string, ContentReader> = new Map<string, ContentReader>([
  ['text', (message) => ({ text: asText(asObject(message.text).body) })],
  ['image', (message) => mediaContent(asObject(message.image))],
  ['video', (message) => mediaContent(asObject(message.video))],
  ['document', (message) => mediaContent(asObject(message.document))],
  ['audio', (message) => mediaContent(asObject(message.audio))],
  ['voice', (message) => mediaContent(asObject(message.voice))],
  ['sticker', (message) => mediaContent(asObject(message.sticker))],
  ['location', (message) => locationContent(asObject(message.location))],
  ['contacts', contactsContent],
  ['interactive', (message) => replyContent(asObject(message.interactive))],
  ['button', (message) => buttonContent(asObject(message.button))],
  ['reaction', (message) => reactionContent(asObject(message.reaction))],
  ['order', (message) => ({ text: asText(asObject(message.order).text) || null })],
  ['system', (message) => ({ text: asText(asObject(message.system).body) })],
  ['edit', (message) => editContent(asObject(message.edit))],
  ['revoke', (message) => ({ contextMessageId: asText(asObject(message.revoke).original_message_id) })],
]);

/** Reads what a message says, of any type and however malformed. */
export function readContent(message: JsonObject): MoContent {
  const contextMessageId = asText(asObject(message.context).id);
  const read = readers.get(asText(message.type) ?? '');
  return read ? { contextMessageId, ...read(message) } : { contextMessageId };
}

function mediaContent(media: JsonObject): MoContent {
  const caption = asText(media.caption);
  return {
    text: caption,
    mediaId: asText(media.id),
    mediaUrl: asText(media.url),
    mimeType: asText(media.mime_type),
    sha256: asText(media.sha256),
    caption,
    fileName: asText(media.filename),
  };
}

function locationContent(location: JsonObject): MoContent {
  const locationName = asText(location.name);
  const locationAddress = asText(location.address);
  return {
    text: locationName ?? locationAddress,
    latitude: asText(location.latitude),
    longitude: asText(location.longitude),
    locationName,
    locationAddress,
  };
}

/** Reads as the names of the people in the cards. */
function contactsContent(message: JsonObject): MoContent {
  const names = asArray(message.contacts).map((card) => asText(asObject(asObject(card).name).formatted_name));
  return { text: names.filter((name) => name).join(', ') || null };
}

/** `button_reply` and `list_reply` have id and title; `nfm_reply`, a flow's answer, has a body. */
function replyContent(interactive: JsonObject): MoContent {
  switch (interactive.type) {
    case 'button_reply':
    case 'list_reply': {
      const reply = asObject(interactive[interactive.type]);
      const replyTitle = asText(reply.title);
      return { text: replyTitle, replyId: asText(reply.id), replyTitle };
    }
    case 'nfm_reply':
      return { text: asText(asObject(interactive.nfm_reply).body) };
    default:
      return {};
  }
}

/** A quick-reply button of a template. */
function buttonContent(button: JsonObject): MoContent {
  const replyTitle = asText(button.text);
  return { text: replyTitle, replyId: asText(button.payload), replyTitle };
}

/** No emoji, or an empty one, takes the reaction back: the emoji is then sent empty, so that the two can be told apart. */
function reactionContent(reaction: JsonObject): MoContent {
  const reactionEmoji = asText(reaction.emoji) ?? '';
  return { text: reactionEmoji || null, reactionEmoji, contextMessageId: asText(reaction.message_id) };
}

/** The new content; the message that it replaces is the context. */
function editContent(edit: JsonObject): MoContent {
  const message = asObject(edit.message);
  const content = message.type === 'edit' ? {} : readContent(message);
  return { ...content, contextMessageId: asText(edit.original_message_id) };
}
