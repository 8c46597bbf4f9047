import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { testParameterNames } from '../src/testing/factories.ts';
import { openGateway } from '../src/testing/gateway-fixture.ts';

const webhook = {
  product: 'sms',
  reportType: 'dlr',
  method: 'POST',
  url: 'https://example.com/dlr',
  parameterNames: testParameterNames,
};

it('a call under its Idempotency-Key is made once, also over a restart', async () => {
  await using gateway = await openGateway();
  const accountId = await gateway.createAccount();
  const post = async (key: string, path: string, body: object) => {
    const response = await fetch(`${gateway.gateway.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer op_0123456789abcdef',
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  const keys = Array.from({ length: 3 }, () => randomUUID());
  const calls: readonly [string, object][] = [
    ['/v1/webhooks', { accountId, ...webhook }],
    ['/v1/accounts', { name: 'Another' }],
    ['/v1/senders', { accountId, product: 'whatsapp', productUniqueId: '911111111111' }],
  ];
  const make = () => Promise.all(calls.map(([path, body], i) => post(keys[i] ?? '', path, body)));
  const [first] = await Promise.all([make(), make(), make()]);
  expect(first.map(({ status }) => status)).toEqual([201, 201, 201]);
  const shown = await post('shown-once', `/v1/accounts/${accountId}/keys`, {
    name: 'a',
    scopes: ['events:write'],
  });

  await gateway.restart();
  expect(await make()).toEqual(first);
  const again = await post('shown-once', `/v1/accounts/${accountId}/keys`, {
    name: 'a',
    scopes: ['events:write'],
  });
  expect([shown.status, again.status]).toEqual([201, 409]);
  expect(JSON.parse(again.text)).toMatchObject({ code: 'already_done' });
  const listed = await gateway.api<{ data: unknown[] }>('GET', `/v1/webhooks?accountId=${accountId}`);
  expect(listed.body.data).toHaveLength(1);
});
