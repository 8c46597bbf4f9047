import { expect, it } from 'vitest';
import { checkSignature } from '../src/cli/receiver/check-signature.ts';
import { testParameterNames } from '../src/testing/factories.ts';
import { openGateway } from '../src/testing/gateway-fixture.ts';
import { createReceiver } from '../src/testing/receiver/receiver.ts';

const own = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

it.each(['GET', 'POST', 'JSON', 'XML'])(
  "reports by %s are signed with the owner's secret, and over a rotation with an Ed25519 key too, after a restart as well",
  async (method) => {
    await using gateway = await openGateway();
    await using receiver = await createReceiver();
    const accountId = await gateway.createAccount();
    const webhook = { product: 'sms', reportType: 'dlr', method, url: `${receiver.url}/dlr?a=%C3%BC` };
    const { id } = await gateway.createWebhook(accountId, {
      ...webhook,
      parameterNames: testParameterNames,
      secret: own,
    });
    let sent = 0;
    const deliver = async () => {
      const event = {
        accountId,
        product: 'sms',
        reportType: 'dlr',
        messageId: `m${sent++}`,
        status: 'delivered',
      };
      await gateway.accept(event);
      const [request] = await receiver.take(1);
      if (!request) throw new Error('Nothing arrived.');
      return request;
    };
    expect(checkSignature(await deliver(), own)).toBe('valid');
    const rotated = await gateway.api<{ publicKey: string; secret: string }>(
      'POST',
      `/v1/webhooks/${id}/secret/rotate`,
      { signature: 'v1a' },
    );
    const { publicKey, secret } = rotated.body;
    expect([publicKey, secret]).toEqual([expect.stringMatching(/^whpk_/), expect.stringMatching(/^whsk_/)]);
    for (const restarts of [false, true]) {
      if (restarts) await gateway.restart();
      const request = await deliver();
      expect([publicKey, own].map((each) => checkSignature(request, each))).toEqual(['valid', 'valid']);
    }
  },
);
