import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/event.ts';
import type { EventParts } from '../testing/factories.ts';
import { bareEvent, renderedConfig } from '../testing/rendering.ts';
import { jsonFormat } from './formats/json.ts';
import { createFlatMoWriter, flatMoNames } from './mo-flat.ts';

const flat = { product: 'whatsapp', reportType: 'mo' } as const;

function fieldsOf(event: EventParts): JsonObject {
  const write = createFlatMoWriter(renderedConfig({ ...flat, settings: { moFormat: 'flat' } }), jsonFormat);
  return JSON.parse(write(bareEvent(event)));
}

/** What a message says, without the event's own fields and the message itself. */
function contentOf(message: JsonObject): JsonObject {
  const { messageId: _, message: __, ...content } = fieldsOf({ message });
  return content;
}

const media = { id: '99887766', mime_type: 'video/mp4', sha256: 'q1w2+e3=' };

describe('a flat inbound message', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['text', { type: 'text', text: { body: 'hi 🙂' } }, { type: 'text', text: 'hi 🙂' }],
    [
      'a reply to a message',
      { type: 'text', context: { from: '919999999999', id: 'wamid.A' }, text: { body: 'yes' } },
      { type: 'text', text: 'yes', contextMessageId: 'wamid.A' },
    ],
    [
      'a forwarded text',
      { type: 'text', context: { forwarded: true }, text: { body: 'news' } },
      { type: 'text', text: 'news' },
    ],
    [
      'a question about a product',
      {
        type: 'text',
        context: { id: 'wamid.B', referred_product: { catalog_id: '1' } },
        text: { body: '?' },
      },
      { type: 'text', text: '?', contextMessageId: 'wamid.B' },
    ],
    [
      'a text that came from an ad',
      { type: 'text', referral: { headline: 'Sale', source_id: '5' }, text: { body: 'price' } },
      { type: 'text', text: 'price' },
    ],
    [
      'a video with caption and link',
      { type: 'video', video: { ...media, caption: 'see', url: 'https://media.example/?m=1&h=2' } },
      {
        ...{ type: 'video', text: 'see', mediaId: '99887766', mediaUrl: 'https://media.example/?m=1&h=2' },
        ...{ mimeType: 'video/mp4', sha256: 'q1w2+e3=', caption: 'see' },
      },
    ],
    [
      'a document',
      { type: 'document', document: { id: '5', filename: 'offer.pdf', mime_type: 'application/pdf' } },
      { type: 'document', mediaId: '5', mimeType: 'application/pdf', fileName: 'offer.pdf' },
    ],
    [
      'a voice message',
      { type: 'audio', audio: { id: '6', mime_type: 'audio/ogg; codecs=opus', voice: true } },
      { type: 'audio', mediaId: '6', mimeType: 'audio/ogg; codecs=opus' },
    ],
    [
      'a sticker',
      { type: 'sticker', sticker: { id: '7', animated: true } },
      { type: 'sticker', mediaId: '7' },
    ],
    [
      'a place',
      {
        type: 'location',
        location: { latitude: 12.5, longitude: -77.25, name: 'Office', address: '1 Main St' },
      },
      {
        ...{ type: 'location', text: 'Office', latitude: '12.5', longitude: '-77.25' },
        ...{ locationName: 'Office', locationAddress: '1 Main St' },
      },
    ],
    [
      'a position',
      { type: 'location', location: { latitude: 0, longitude: 43.90539 } },
      { type: 'location', latitude: '0', longitude: '43.90539' },
    ],
    [
      'contact cards',
      {
        type: 'contacts',
        contacts: [
          { name: { formatted_name: 'Asha Rao' } },
          { phones: [] },
          { name: { formatted_name: 'Bo' } },
        ],
      },
      { type: 'contacts', text: 'Asha Rao, Bo' },
    ],
    [
      'a pressed button',
      {
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: 'ok', title: 'Confirm' } },
      },
      { type: 'interactive', text: 'Confirm', replyId: 'ok', replyTitle: 'Confirm' },
    ],
    [
      'a chosen list row',
      {
        type: 'interactive',
        interactive: { type: 'list_reply', list_reply: { id: 's3', title: '10:00', description: 'Monday' } },
      },
      { type: 'interactive', text: '10:00', replyId: 's3', replyTitle: '10:00' },
    ],
    [
      "a flow's answer",
      {
        type: 'interactive',
        interactive: {
          type: 'nfm_reply',
          nfm_reply: { name: 'flow', body: 'Sent', response_json: '{"a":"1"}' },
        },
      },
      { type: 'interactive', text: 'Sent' },
    ],
    ['an interactive message that Meta could not read', { type: 'interactive' }, { type: 'interactive' }],
    [
      "a template's quick reply",
      { type: 'button', context: { id: 'wamid.C' }, button: { payload: 'STOP', text: 'Stop' } },
      { type: 'button', text: 'Stop', replyId: 'STOP', replyTitle: 'Stop', contextMessageId: 'wamid.C' },
    ],
    [
      'a reaction',
      { type: 'reaction', reaction: { message_id: 'wamid.D', emoji: '👍' } },
      { type: 'reaction', text: '👍', reactionEmoji: '👍', contextMessageId: 'wamid.D' },
    ],
    [
      'a reaction taken back',
      { type: 'reaction', reaction: { message_id: 'wamid.D' } },
      { type: 'reaction', reactionEmoji: '', contextMessageId: 'wamid.D' },
    ],
    [
      'a reaction taken back with an empty emoji',
      { type: 'reaction', reaction: { message_id: 'wamid.D', emoji: '' } },
      { type: 'reaction', reactionEmoji: '', contextMessageId: 'wamid.D' },
    ],
    [
      'an order',
      { type: 'order', order: { catalog_id: '3', text: 'no onions', product_items: [] } },
      { type: 'order', text: 'no onions' },
    ],
    ['an order without words', { type: 'order', order: { text: '', product_items: [] } }, { type: 'order' }],
    [
      'a system message',
      { type: 'system', system: { type: 'user_changed_number', body: 'Asha changed', wa_id: '91' } },
      { type: 'system', text: 'Asha changed' },
    ],
    [
      'an unsupported message',
      { type: 'unsupported', errors: [{ code: 131051, title: 'Message type unknown' }] },
      { type: 'unsupported' },
    ],
    [
      'an edit',
      {
        type: 'edit',
        edit: {
          original_message_id: 'wamid.E',
          message: { context: { id: 'M0' }, type: 'image', image: { id: '8', caption: 'better' } },
        },
      },
      { type: 'edit', text: 'better', mediaId: '8', caption: 'better', contextMessageId: 'wamid.E' },
    ],
    [
      'a message taken back',
      { type: 'revoke', revoke: { original_message_id: 'wamid.F' } },
      { type: 'revoke', contextMessageId: 'wamid.F' },
    ],
    ['a type that is not known yet', { type: 'hologram', hologram: { id: '1' } }, { type: 'hologram' }],
    ['a message of another shape than its type', { type: 'text', text: 'hi' }, { type: 'text' }],
  ])('has what %s says', (_, message, content) => {
    expect(contentOf(message)).toEqual(content);
  });

  it('has its names in their order, and the message as it came', () => {
    const message: JsonObject = {
      ...{
        type: 'video',
        video: { ...media, caption: 'c', url: 'u', filename: 'f' },
        context: { id: 'wamid.A' },
      },
    };
    const text = JSON.stringify(
      fieldsOf({
        productUniqueId: '919999999999',
        mobileNumber: '+91 98123 45678',
        userId: 'IN.1',
        profileName: 'Asha',
        receivedTime: Date.UTC(2026, 10, 22, 10, 15, 30),
        message,
      }),
    );
    expect(text).toBe(
      '{"wabaNumber":"919999999999","messageId":"m1","mobileNumber":"919812345678","userId":"IN.1",' +
        '"profileName":"Asha","receivedTime":"2026-11-22T10:15:30.000Z","type":"video","text":"c",' +
        '"mediaId":"99887766","mediaUrl":"u","mimeType":"video/mp4","sha256":"q1w2+e3=","caption":"c",' +
        `"fileName":"f","contextMessageId":"wamid.A","message":${JSON.stringify(message)}}`,
    );
    const names = Object.keys(JSON.parse(text));
    expect(names).toEqual(flatMoNames.filter((name) => names.includes(name)));
  });

  it("says of its sender what the event does not, as Meta's contact or the message does", () => {
    const message = { type: 'text', from: '919812345678', from_user_id: 'IN.1' };
    expect(fieldsOf({ message })).toMatchObject({ mobileNumber: '919812345678', userId: 'IN.1' });
    const attributes = '{"contacts":[{"profile":{"name":"Asha"},"wa_id":"4915112345678","user_id":"IN.2"}]}';
    const told = { profileName: 'Asha', mobileNumber: '4915112345678', userId: 'IN.2' };
    expect(fieldsOf({ message, attributes })).toMatchObject(told);
    const own = { profileName: 'A', mobileNumber: '1234567890', userId: 'IN.3' };
    expect(fieldsOf({ message, attributes, ...own })).toMatchObject(own);
    for (const odd of ['{"contacts":{}}', '{"contacts":[1]}', '{"contacts":[{"profile":"x"}]}'])
      expect(fieldsOf({ message, attributes: odd, ...own })).toMatchObject(own);
  });

  it('without a message has what the event knows', () => {
    expect(fieldsOf({})).toEqual({ messageId: 'm1' });
  });

  it('writes epoch times as numbers', () => {
    const config = renderedConfig({ ...flat, settings: { timeFormat: 'epochSeconds' } });
    const write = createFlatMoWriter(config, jsonFormat);
    expect(write(bareEvent({ receivedTime: 1795342530999 }))).toBe(
      '{"messageId":"m1","receivedTime":1795342530}',
    );
  });
});

it('leaves out `message` where the webhook does not want it', () => {
  const settings = { moFormat: 'flat', moMessage: false } as const;
  const write = createFlatMoWriter(renderedConfig({ ...flat, settings }), jsonFormat);
  const message = { type: 'text', text: { body: 'hi' } };
  expect(JSON.parse(write(bareEvent({ message })))).toEqual({ messageId: 'm1', type: 'text', text: 'hi' });
});
