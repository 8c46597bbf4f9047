import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectWire,
  type Formats,
  openFormats,
  ownHeaders,
  tricky,
  verify,
  wabaNumber,
  xmlDeclaration,
} from './deliver-one.ts';

let formats: Formats;
beforeAll(async () => {
  formats = await openFormats();
});
afterAll(() => formats[Symbol.asyncDispose]());

const webhook = {
  product: 'whatsapp',
  reportType: 'mo',
  productUniqueId: null,
  parameterNames: {},
  customParameters: [
    { name: 'tenant', value: '42' },
    { name: 'sign', value: '<&>+' },
  ],
  customHeaders: [{ name: 'X-Api-Key', value: 's3cret' }],
};

const text = {
  product: 'whatsapp',
  reportType: 'mo',
  productUniqueId: wabaNumber,
  messageId: 'wamid.HBgM+/=',
  mobileNumber: '919812345678',
  userId: 'IN.13491208655302741918',
  profileName: 'आशा & Co',
  receivedTime: '2026-11-22T10:15:30.000Z',
  message: { type: 'text', text: { body: tricky.text } },
};

const textForm =
  'wabaNumber=919999999999&messageId=wamid.HBgM%2B%2F%3D&mobileNumber=919812345678&userId=IN.13491208655302741918' +
  '&profileName=%E0%A4%86%E0%A4%B6%E0%A4%BE+%26+Co&receivedTime=2026-11-22T10%3A15%3A30.000Z&type=text' +
  `&text=${tricky.form}` +
  '&message=%7B%22type%22%3A%22text%22%2C%22text%22%3A%7B%22body%22%3A%22' +
  'a%2Bb+%26+%3Cc%3E+%5C%22d%5C%22+%27e%27+%F0%9F%99%82+%E0%A4%A8%E0%A4%AE%E0%A4%B8%E0%A5%8D%E0%A4%A4%E0%A5%87+%D9%85%D8%B1%D8%AD%D8%A8%D8%A7' +
  '%22%7D%7D&tenant=42&sign=%3C%26%3E%2B';

describe('an inbound WhatsApp message', () => {
  it('comes flat, as a query string, by GET, with the whole message where that is wanted', async () => {
    const settings = { moMessage: true };
    expectWire(await formats.deliver({ ...webhook, settings, method: 'GET', path: '/mo' }, text), {
      method: 'GET',
      path: `/mo?${textForm}`,
      headers: [...ownHeaders, 'X-Api-Key', 's3cret'],
      body: '',
    });
  });

  it('comes flat, as a form, by POST', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'POST', path: '/mo' }, text), {
      method: 'POST',
      path: '/mo',
      headers: [
        'content-type',
        'application/x-www-form-urlencoded; charset=UTF-8',
        ...ownHeaders,
        'X-Api-Key',
        's3cret',
      ],
      body: textForm,
    });
  });

  it("comes as Meta's value object by JSON", async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'JSON', path: '/mo' }, text), {
      method: 'POST',
      path: '/mo',
      headers: ['content-type', 'application/json', ...ownHeaders, 'X-Api-Key', 's3cret'],
      body:
        '{"messaging_product":"whatsapp","metadata":{"display_phone_number":"919999999999"},' +
        '"contacts":[{"profile":{"name":"आशा & Co"},"wa_id":"919812345678","user_id":"IN.13491208655302741918"}],' +
        '"messages":[{"from":"919812345678","from_user_id":"IN.13491208655302741918","id":"wamid.HBgM+/=",' +
        `"timestamp":"1795342530","type":"text","text":{"body":"${tricky.json}"}}],` +
        '"tenant":"42","sign":"<&>+"}',
    });
  });

  it('comes flat, as an object, by JSON where the webhook asks for it', async () => {
    const settings = { moFormat: 'flat' };
    expectWire(await formats.deliver({ ...webhook, settings, method: 'JSON', path: '/mo' }, text), {
      method: 'POST',
      path: '/mo',
      headers: ['content-type', 'application/json', ...ownHeaders, 'X-Api-Key', 's3cret'],
      body:
        '{"wabaNumber":"919999999999","messageId":"wamid.HBgM+/=","mobileNumber":"919812345678",' +
        '"userId":"IN.13491208655302741918","profileName":"आशा & Co","receivedTime":"2026-11-22T10:15:30.000Z",' +
        `"type":"text","text":"${tricky.json}","message":{"type":"text","text":{"body":"${tricky.json}"}},` +
        '"tenant":"42","sign":"<&>+"}',
    });
  });

  it('comes flat, as a document, by XML', async () => {
    expectWire(await formats.deliver({ ...webhook, method: 'XML', path: '/mo' }, text), {
      method: 'POST',
      path: '/mo',
      headers: ['content-type', 'application/xml', ...ownHeaders, 'X-Api-Key', 's3cret'],
      body:
        `${xmlDeclaration}<mo><wabaNumber>919999999999</wabaNumber><messageId>wamid.HBgM+/=</messageId>` +
        '<mobileNumber>919812345678</mobileNumber><userId>IN.13491208655302741918</userId>' +
        '<profileName>आशा &amp; Co</profileName><receivedTime>2026-11-22T10:15:30.000Z</receivedTime>' +
        `<type>text</type><text>${tricky.xml}</text>` +
        `<message>{"type":"text","text":{"body":"a+b &amp; &lt;c&gt; \\"d\\" 'e' 🙂 नमस्ते مرحبا"}}</message>` +
        '<tenant>42</tenant><sign>&lt;&amp;&gt;+</sign></mo>',
    });
  });
});

describe('other inbound messages', () => {
  const bare = { ...webhook, customParameters: [], customHeaders: [] };
  const image = {
    type: 'image',
    image: { id: '1003383421387256', mime_type: 'image/jpeg', sha256: 'SfIn+F/8=', caption: 'Like this' },
  };
  const location = {
    type: 'location',
    location: { latitude: 12.9715987, longitude: -77.5, name: 'Office & Co' },
  };
  const reply = {
    context: { from: '919999999999', id: 'wamid.A' },
    type: 'interactive',
    interactive: { type: 'list_reply', list_reply: { id: 'slot_3', title: '10:00' } },
  };
  const from = { ...text, userId: null, profileName: null };

  it('give what they have of media, by POST', async () => {
    const arrived = await formats.deliver(
      { ...bare, method: 'POST', path: '/' },
      { ...from, message: image },
    );
    expect(arrived.request.body.toString()).toBe(
      'wabaNumber=919999999999&messageId=wamid.HBgM%2B%2F%3D&mobileNumber=919812345678' +
        '&receivedTime=2026-11-22T10%3A15%3A30.000Z&type=image&text=Like+this&mediaId=1003383421387256' +
        '&mimeType=image%2Fjpeg&sha256=SfIn%2BF%2F8%3D&caption=Like+this' +
        '&message=%7B%22type%22%3A%22image%22%2C%22image%22%3A%7B%22id%22%3A%221003383421387256%22%2C' +
        '%22mime_type%22%3A%22image%2Fjpeg%22%2C%22sha256%22%3A%22SfIn%2BF%2F8%3D%22%2C%22caption%22%3A%22Like+this%22%7D%7D',
    );
    verify(arrived);
  });

  it('give a location as text, by flat JSON', async () => {
    const arrived = await formats.deliver(
      { ...bare, settings: { moFormat: 'flat' }, method: 'JSON', path: '/' },
      { ...from, message: location },
    );
    expect(arrived.request.body.toString()).toBe(
      '{"wabaNumber":"919999999999","messageId":"wamid.HBgM+/=","mobileNumber":"919812345678",' +
        '"receivedTime":"2026-11-22T10:15:30.000Z","type":"location","text":"Office & Co","latitude":"12.9715987",' +
        '"longitude":"-77.5","locationName":"Office & Co",' +
        '"message":{"type":"location","location":{"latitude":12.9715987,"longitude":-77.5,"name":"Office & Co"}}}',
    );
  });

  it('give a reply with what it replies to, by XML', async () => {
    const arrived = await formats.deliver({ ...bare, method: 'XML', path: '/' }, { ...from, message: reply });
    expect(arrived.request.body.toString()).toBe(
      `${xmlDeclaration}<mo><wabaNumber>919999999999</wabaNumber><messageId>wamid.HBgM+/=</messageId>` +
        '<mobileNumber>919812345678</mobileNumber><receivedTime>2026-11-22T10:15:30.000Z</receivedTime>' +
        '<type>interactive</type><text>10:00</text><replyId>slot_3</replyId><replyTitle>10:00</replyTitle>' +
        '<contextMessageId>wamid.A</contextMessageId>' +
        '<message>{"context":{"from":"919999999999","id":"wamid.A"},"type":"interactive",' +
        '"interactive":{"type":"list_reply","list_reply":{"id":"slot_3","title":"10:00"}}}</message></mo>',
    );
  });

  it('come from people without a number', async () => {
    const anonymous = {
      ...text,
      mobileNumber: null,
      profileName: 'asha',
      message: { type: 'text', text: { body: 'hi' } },
    };
    const byJson = await formats.deliver({ ...bare, method: 'JSON', path: '/' }, anonymous);
    expect(byJson.request.body.toString()).toBe(
      '{"messaging_product":"whatsapp","metadata":{"display_phone_number":"919999999999"},' +
        '"contacts":[{"profile":{"name":"asha"},"user_id":"IN.13491208655302741918"}],' +
        '"messages":[{"from_user_id":"IN.13491208655302741918","id":"wamid.HBgM+/=","timestamp":"1795342530",' +
        '"type":"text","text":{"body":"hi"}}]}',
    );
    const byGet = await formats.deliver({ ...bare, method: 'GET', path: '/mo' }, anonymous);
    expect(byGet.request.path).toBe(
      '/mo?wabaNumber=919999999999&messageId=wamid.HBgM%2B%2F%3D&userId=IN.13491208655302741918&profileName=asha' +
        '&receivedTime=2026-11-22T10%3A15%3A30.000Z&type=text&text=hi',
    );
  });
});
