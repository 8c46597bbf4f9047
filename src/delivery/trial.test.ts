import { describe, expect, it } from 'vitest';
import { testEvent, testWebhook } from '../testing/factories.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { createFakeSender } from './testing/fake-sender.ts';
import { createTrial } from './trial.ts';

function open() {
  const clock = createManualClock();
  const sender = createFakeSender(clock);
  const trial = createTrial({ sender, clock });
  const secrets = [{ secret: 'whsec_c2VjcmV0', expiresAt: null }];
  return { sender, send: () => trial.send(testWebhook({}), testEvent({}), secrets, 'acc_1') };
}

describe('a test of a webhook', () => {
  it('leaves no connection open', async () => {
    const { sender, send } = open();
    const answer = send();
    expect(sender.openChannels.size).toBe(1);
    sender.sent[0]?.answer(200);
    expect(await answer).toMatchObject({ response: { statusCode: 200 }, error: null });
    expect(sender.openChannels.size).toBe(0);
  });

  it.each(['files', 'ports', 'memory', 'lookups'] as const)(
    'that the gateway is too short of %s for says so, and nothing of the endpoint',
    async (shortage) => {
      const { sender, send } = open();
      const answer = send();
      sender.sent[0]?.fallShort(shortage);
      await expect(answer).rejects.toMatchObject({
        code: 'overloaded',
        message: expect.stringMatching(/^The gateway is short of .*says nothing of the endpoint/),
        retryAfterSeconds: 10,
      });
      expect(sender.openChannels.size).toBe(0);
    },
  );
});
