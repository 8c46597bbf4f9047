import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../src/receiver/receiver.ts';
import { type GatewayFixture, openGateway } from '../src/testing/gateway-fixture.ts';
import { messageOfJson, objectOfJson } from '../src/testing/json-texts.ts';
import { createReceiver, type Receiver } from '../src/testing/receiver/receiver.ts';

/** Bodies are written by hand here: what a JavaScript program cannot write is what it is about. */
const number = '919812345678';
const wabaNumber = '919999999999';
const odd =
  '{"type":"location","location":{"latitude":30.00,"longitude":-0},"z":1,"10":12345678901234567890,"9":9007199254740993,' +
  '"a":1e400, "a" : {"b":"\\u0041\\/é"},\n"__proto__":{"x":1}}';
const ways = [
  { method: 'JSON' },
  { method: 'JSON', settings: { moFormat: 'flat' } },
  { method: 'POST' },
  { method: 'XML' },
  { method: 'GET', settings: { moMessage: true } },
  { method: 'JSON', settings: { batch: { maxItems: 2, maxWaitMs: 0 } } },
] as const;

let gateway: GatewayFixture;
let accountId: string;
let endpoints: Receiver[];

beforeAll(async () => {
  gateway = await openGateway();
  accountId = await gateway.createAccount();
  await gateway.createSender(accountId, wabaNumber);
  endpoints = await Promise.all(ways.map(() => createReceiver()));
  for (const [i, way] of ways.entries()) {
    const webhook = {
      product: 'whatsapp',
      reportType: 'mo',
      parameterNames: {},
      url: endpoints[i]?.url ?? '',
    };
    await gateway.createWebhook(accountId, { ...webhook, ...way });
  }
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await Promise.all(endpoints.map((endpoint) => endpoint.close()));
});

function eventText(message: string, attributes: string, messageId: string): string {
  const head = JSON.stringify({
    ...{ accountId, product: 'whatsapp', reportType: 'mo', productUniqueId: wabaNumber, messageId },
    ...{ mobileNumber: number, profileName: 'Asha', receivedTime: '2026-11-22T10:15:30.000Z' },
  });
  return `${head.slice(0, -1)},"attributes":${attributes},"message":${message}}`;
}

async function call(method: string, path: string, body?: string, key = 'op_0123456789abcdef') {
  const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
  const answer = await fetch(gateway.gateway.url + path, { method, headers, ...(body && { body }) });
  return { status: answer.status, text: await answer.text() };
}

let sent = 0;

/** Hands in a message; gives what each endpoint got, and the event's id. */
async function handIn(message: string, attributes = '{}') {
  const answer = await call('POST', '/v1/events', eventText(message, attributes, `wamid.${++sent}`));
  expect([answer.status, answer.text]).toEqual([202, expect.stringContaining('"accepted":1')]);
  const got = await Promise.all(endpoints.map((endpoint) => endpoint.next()));
  return { got, id: (JSON.parse(answer.text) as { events: [{ id: string }] }).events[0].id };
}

/** What a member `message` of the last parameter of each kind of body is. */
function messagesIn(got: readonly ReceivedRequest[]): string[] {
  const [json, flat, form, xml, get, list] = got.map(({ body }) => body.toString());
  const element = /<message>([\s\S]*)<\/message>/.exec(xml ?? '')?.[1] ?? '';
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', '#13': '\r' };
  return [
    json?.slice(json.indexOf('"messages":[') + '"messages":['.length, -2) ?? '',
    flat?.slice(flat.indexOf('"message":') + '"message":'.length, -1) ?? '',
    new URLSearchParams(form).get('message') ?? '',
    element.replace(/&([#\w]+);/g, (_, name: string) => entities[name] ?? ''),
    new URLSearchParams(got[4]?.path.split('?')[1]).get('message') ?? '',
    list?.slice(list.indexOf('"messages":[') + '"messages":['.length, -3) ?? '',
    get ?? '',
  ];
}

/** Meta's own members, which the gateway puts before those of a message without them. */
function ofMessage(message: string): string {
  return message.replace(/^\{"from":"\d+"(,"id":"[^"]*")?,"timestamp":"\d+",/, '{');
}

describe('what comes inside `message` and `attributes`', () => {
  it('goes out character for character by every method, and is shown so', async () => {
    const attributes = '{"cost":0.10, "id":18446744073709551616,"id":-0.0}';
    const { got, id } = await handIn(odd, attributes);
    for (const message of messagesIn(got).slice(0, 6)) expect(ofMessage(message)).toBe(odd);
    const flat = got[1]?.body.toString() ?? '';
    expect(flat).toContain('"latitude":"30.00","longitude":"-0"');
    expect(new URLSearchParams(got[4]?.path.split('?')[1]).get('latitude')).toBe('30.00');
    const shown = await call('GET', `/v1/events/${id}`);
    expect(shown.text).toContain(`"message":${odd}`);
    expect(shown.text).toContain(`"attributes":${attributes}`);
  });

  it('goes out again so, by hand and by a task', async () => {
    const { got, id } = await handIn(odd);
    await gateway.idle();
    const event = JSON.parse((await call('GET', `/v1/events/${id}`)).text) as {
      deliveries: { id: string }[];
    };
    for (const delivery of event.deliveries) await call('POST', `/v1/deliveries/${delivery.id}/replay`);
    const again = await Promise.all(endpoints.map((endpoint) => endpoint.next()));
    expect(messagesIn(again)).toEqual(messagesIn(got));
  });

  it('is shown so by a preview, and by a test of a saved webhook', async () => {
    const event = `{"message": ${odd} ,"attributes":{"a":1.0}}`;
    const webhook = '"product":"whatsapp","reportType":"mo","method":"JSON","url":"https://example.com/mo"';
    const preview = await call(
      'POST',
      '/v1/webhooks/preview',
      `{"accountId":"${accountId}",${webhook},"event":${event}}`,
    );
    expect(preview.status, preview.text).toBe(200);
    expect((JSON.parse(preview.text) as { body: string }).body).toContain(odd.slice(1));
    const list = JSON.parse((await call('GET', `/v1/webhooks?accountId=${accountId}&limit=500`)).text) as {
      data: { id: string; url: string }[];
    };
    const flat = list.data.find(({ url }) => url === endpoints[1]?.url);
    const test = await call('POST', `/v1/webhooks/${flat?.id}/test`, `{"event":${event}}`);
    expect(test.status, test.text).toBe(200);
    expect((await endpoints[1]?.next())?.body.toString()).toContain(`"message":${odd}`);
  });

  it('is sent on whatever it is, byte for byte by JSON, and as text by the others', async () => {
    await fc.assert(
      fc.asyncProperty(messageOfJson, objectOfJson, async (message, attributes) => {
        const { got, id } = await handIn(message, attributes);
        const [json, flat, form, xml, get, list] = messagesIn(got);
        for (const text of [json, list]) {
          // What the message does not say itself goes before it.
          expect(text).toContain(message.slice(1));
          expect(JSON.parse(text ?? '')).toMatchObject(JSON.parse(message));
        }
        expect([flat, form, get]).toEqual([message, message, message]);
        expect(xml).toBe(message.replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff'));
        const shown = await call('GET', `/v1/events/${id}`);
        expect(shown.text).toContain(`"attributes":${attributes},"message":${message}`);
      }),
      { numRuns: 60 },
    );
  });
});

it('a viewer sees it as it came, but for the numbers in it', async () => {
  const path = `/v1/accounts/${accountId}/portal-links`;
  const { body } = await gateway.api<{ url: string }>('POST', path, { role: 'viewer' });
  const link = new URLSearchParams(new URL(body.url).hash.slice(1)).get('token');
  const entered = await gateway.api<{ token: string }>(
    'POST',
    '/v1/session/portal-link',
    { token: link },
    null,
  );
  const message =
    `{"type":"text","from":"${number}","2":30.00,"1":[ ${number} ],"wa_id":"4915112345678","wa_id":"\\u0034477009001230",` +
    '"text":{"body":"call +49 151 12345678 or 447700900123 0"}}';
  const { id } = await handIn(message);
  const { text } = await call('GET', `/v1/events/${id}`, undefined, entered.body.token);
  expect(text).toContain(
    '"message":{"type":"text","from":"••••••••5678","2":30.00,"1":[ "••••••••5678" ],"wa_id":"•••••••••5678",' +
      '"wa_id":"•••••••••1230","text":{"body":"call +•• ••• ••••5678 or •••••••••123 0"}}',
  );
});
