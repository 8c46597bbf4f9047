import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeRequest } from '../../src/cli/receiver/describe-request.ts';
import { openGateway } from '../../src/testing/gateway-fixture.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';

/** What differs from run to run: times, ids, the version and the signature. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/\b(evt|dlv)_[0-9a-z]+/g, '$1_…')
    .replace(/^[\d:.]{12} /m, '')
    .replace(/(user-agent: Hookwire\/)\S+/, '$1…')
    .replace(/(webhook-timestamp: )\d+/, '$1…')
    .replace(/(webhook-signature: v1,)\S+/, '$1…');
}

describe.each(['README.md', 'docs/guides/first-webhook.md'])('the first webhook of %s', (document) => {
  const text = readFileSync(join(import.meta.dirname, '../..', document), 'utf8');
  const [accounts, webhooks, events] = ['accounts', 'webhooks', 'events'].map(
    (path) => new RegExp(`^api ${path} (?:-d )?'([^']*)'$`, 'm').exec(text)?.[1] ?? '',
  );

  it('is delivered by the calls that are shown, which are answered and arrive as shown', async () => {
    await using gateway = await openGateway();
    await using receiver = await createReceiver();
    await gateway.api('POST', '/v1/accounts', JSON.parse(accounts ?? ''));
    const webhook = JSON.parse((webhooks ?? '').replace('http://127.0.0.1:9000', receiver.url));
    await gateway.api('POST', '/v1/webhooks', webhook);
    const answer = await gateway.api('POST', '/v1/events', JSON.parse(events ?? ''));
    const shown = /^\{"accepted".*$/m.exec(text)?.[0] ?? '';
    expect(withoutChance(JSON.stringify(answer.body))).toBe(withoutChance(shown));

    const arrived = describeRequest(await receiver.next(), null);
    if (document === 'README.md') {
      const [, printed = ''] = /```text\n([\d:.]+ POST \/dlr → 200\n[\s\S]*?)```/.exec(text) ?? [];
      expect(withoutChance(arrived).trim()).toBe(withoutChance(printed).trim());
    }
  });
});
