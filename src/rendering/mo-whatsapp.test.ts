import { describe, expect, it } from 'vitest';
import type { NameAndValue } from '../core/webhook.ts';
import { withParts } from '../testing/factories.ts';
import { bareEvent, renderedConfig } from '../testing/rendering.ts';
import { createWhatsappMoWriter, whatsappValueNames } from './mo-whatsapp.ts';

const inbound = bareEvent({
  product: 'whatsapp',
  reportType: 'mo',
  productUniqueId: '919999999999',
  messageId: 'wamid.A',
  mobileNumber: '+91 98123 45678',
  profileName: 'Asha Rao',
  receivedTime: Date.UTC(2026, 10, 22, 10, 15, 30, 999),
  message: { type: 'text', text: { body: 'hi' } },
});

function writer(...customParameters: NameAndValue[]) {
  return createWhatsappMoWriter(renderedConfig({ product: 'whatsapp', reportType: 'mo', customParameters }));
}

describe("an inbound message in Meta's shape", () => {
  it('is rebuilt where it did not come from Meta', () => {
    const event = withParts(inbound, { attributes: { phoneNumberId: '106540352242922' } });
    expect(writer({ name: 'tenant', value: '42' })(event)).toBe(
      '{"messaging_product":"whatsapp",' +
        '"metadata":{"display_phone_number":"919999999999","phone_number_id":"106540352242922"},' +
        '"contacts":[{"profile":{"name":"Asha Rao"},"wa_id":"919812345678"}],' +
        '"messages":[{"from":"919812345678","id":"wamid.A","timestamp":"1795342530","type":"text","text":{"body":"hi"}}],' +
        '"tenant":"42"}',
    );
  });

  it('keeps what the message says of itself', () => {
    const own = { from: '1', id: '2', timestamp: '3', type: 'text', text: { body: 'hi' } };
    expect(JSON.parse(writer()(withParts(inbound, { message: own }))).messages).toEqual([own]);
  });

  it('has the user id of someone without a number', () => {
    const value = JSON.parse(
      writer()({ ...inbound, mobileNumber: null, userId: 'IN.1349', profileName: null }),
    );
    expect(value.contacts).toEqual([{ profile: { name: '' }, user_id: 'IN.1349' }]);
    expect(value.messages[0]).toEqual({
      ...{
        from_user_id: 'IN.1349',
        id: 'wamid.A',
        timestamp: '1795342530',
        type: 'text',
        text: { body: 'hi' },
      },
    });
  });

  it('has no contacts for a system message', () => {
    const message = { type: 'system', system: { type: 'user_changed_number', body: 'Asha changed' } };
    expect(Object.keys(JSON.parse(writer()(withParts(inbound, { message }))))).toEqual([
      'messaging_product',
      'metadata',
      'messages',
    ]);
  });

  it('has the four names that custom parameters cannot have', () => {
    expect(Object.keys(JSON.parse(writer()(inbound)))).toEqual(whatsappValueNames);
  });

  it("is Meta's own value where it came from Meta", () => {
    const metaValue = {
      messaging_product: 'whatsapp',
      future: [1],
      messages: [{ id: 'wamid.A' }],
      errors: [],
    };
    const event = withParts(inbound, { attributes: { metaValue } });
    expect(writer({ name: '1', value: 'a' }, { name: 'errors', value: 'mine' })(event)).toBe(
      '{"messaging_product":"whatsapp","future":[1],"messages":[{"id":"wamid.A"}],"errors":[],"1":"a"}',
    );
    expect(writer({ name: 'a', value: 'b' })(withParts(inbound, { attributes: '{"metaValue": { } }' }))).toBe(
      '{ "a":"b"}',
    );
  });

  it('is as it came: numbers, order, names that come twice, blanks and escapes', () => {
    const message = '{ "type":"text","1":30.00,"a":12345678901234567890,"a":-0,"text":{"body":"\\u0041\\/"}}';
    expect(writer()({ ...inbound, message })).toContain(
      `"messages":[{"from":"919812345678","id":"wamid.A","timestamp":"1795342530",${message.slice(1)}]}`,
    );
    const metaValue = '{"b":1e400,"b":{"1":1,"0":0},"sum":9007199254740993 }';
    const event = withParts(inbound, { attributes: `{"x":[],"metaValue" :${metaValue}}` });
    expect(writer()(event)).toBe(metaValue);
    expect(writer({ name: 'a', value: 'b' })(event)).toBe(`${metaValue.slice(0, -1)},"a":"b"}`);
  });

  it("has Meta's contacts where they are handed in, and else what the message says of its sender", () => {
    const contacts =
      '[{"profile":{"name":"Asha","username":"asha"},"wa_id":"919812345678","user_id":"IN.1"}]';
    const given = withParts(inbound, { attributes: `{"contacts": ${contacts}}` });
    expect(writer()(given)).toContain(`"contacts":${contacts},"messages":[`);
    const message = {
      from: '919812345678',
      from_user_id: 'IN.2',
      from_parent_user_id: 'IN.ENT.3',
      context: { from: '919999999999', id: 'wamid.B', forwarded: true },
      referral: { source_id: '77', ctwa_clid: 'x' },
      group_id: 'G1',
      type: 'text',
      text: { body: 'hi' },
    };
    const value = JSON.parse(writer()(withParts(inbound, { mobileNumber: null, message })));
    expect(value.contacts).toEqual([
      {
        profile: { name: 'Asha Rao' },
        wa_id: '919812345678',
        user_id: 'IN.2',
        parent_user_id: 'IN.ENT.3',
      },
    ]);
    expect(value.messages).toEqual([{ id: 'wamid.A', timestamp: '1795342530', ...message }]);
  });
});
