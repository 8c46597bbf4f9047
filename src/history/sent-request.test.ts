import { describe, expect, it } from 'vitest';
import { compileWebhook } from '../rendering/compile.ts';
import { renderRequest } from '../rendering/render.ts';
import { signingKey } from '../rendering/sign.ts';
import { createSecret } from '../rendering/signing-secret.ts';
import type { PastSecret } from '../stores/ports/directory.ts';
import { testEvent, testSettings, testWebhook } from '../testing/factories.ts';
import { type PastAttempt, renderAgain } from './sent-request.ts';

const startedAt = Date.UTC(2026, 10, 22, 10, 15, 30, 700);
const [first, second] = [createSecret(), createSecret()];
const config = testWebhook({});
const delivery = { id: 'dlv_1', event: testEvent({}) };
const attempt = { startedAt, errorClass: null };

function again(secrets: readonly PastSecret[], parts: Partial<PastAttempt> = {}) {
  return renderAgain({ delivery, attempt, config, secrets, ...parts });
}

/** What a sender with these secrets would have sent. */
function sentWith(...secrets: string[]) {
  return renderRequest(compileWebhook(config), delivery.event, {
    id: 'dlv_1',
    timestampSeconds: Math.floor(startedAt / 1000),
    keys: secrets.map(signingKey),
  });
}

const signatureOf = ({ headers }: { headers: readonly string[] }) => headers.at(-1);
const period = (secret: string | null, from: number | null, until: number | null = null): PastSecret => ({
  secret,
  from,
  until,
});

describe('the request of an attempt', () => {
  it('is the one that was sent, signed with what signed then', () => {
    const exact = { exact: true, note: null };
    expect(again([period(first, 0)])).toEqual({ request: sentWith(first), ...exact });
    expect(again([period(second, startedAt + 1), period(first, 0, startedAt + 9_000)])).toEqual({
      request: sentWith(first),
      ...exact,
    });
    expect(again([period(second, startedAt - 5_000), period(first, 0, startedAt + 1)])).toEqual({
      request: sentWith(second, first),
      ...exact,
    });
    expect(again([period(second, startedAt - 5_000), period(first, 0, startedAt)])).toEqual({
      request: sentWith(second),
      ...exact,
    });
    // One that had ended before says nothing of it, be it wiped or not.
    expect(again([period(second, startedAt - 5_000), period(null, 0, startedAt)])).toMatchObject(exact);
  });

  it('shows where a signature stood whose secret is gone, and is not exact', () => {
    const one = again([period(second, startedAt - 5_000), period(null, 0, startedAt + 1)]);
    expect(one).toMatchObject({ exact: false, note: expect.stringMatching(/secret of that time is gone/) });
    expect(signatureOf(one.request)).toBe(`${signatureOf(sentWith(second))} v1,…`);
    const none = again([period(null, 0)]);
    expect(signatureOf(none.request)).toBe('v1,…');
    expect(none).toMatchObject({ exact: false });
    expect(again([])).toMatchObject({ exact: false });
    expect(signatureOf(again([]).request)).toBe('v1,…');
  });

  it('is not exact where it is not certain what signed', () => {
    expect(again([period(second, null), period(first, 0, startedAt + 1)]).note).toMatch(
      /not known since when/,
    );
    expect(again([period(second, startedAt - 999), period(first, 0, startedAt + 1)]).note).toMatch(
      /was changed at that moment/,
    );
    // A webhook's first secret is as old as the webhook.
    expect(again([period(first, startedAt - 1)])).toMatchObject({ exact: true });
    expect(again([period(first, null)])).toMatchObject({ exact: true });
  });

  it('of a webhook that sends lists shows the one report, as a list of one, and says so', () => {
    const settings = { ...testSettings, batch: { maxItems: 10, maxWaitMs: 0 } };
    const shown = again([period(first, 0)], { config: { ...config, settings } });
    expect(shown).toMatchObject({ exact: false, note: expect.stringMatching(/go out in lists/) });
    expect(JSON.parse(shown.request.body ?? '')).toHaveLength(1);
  });

  it.each(['dns', 'refused', 'tls', 'timeout_connect', 'blocked_address'] as const)(
    'that ended with %s never went out',
    (errorClass) => {
      const shown = again([period(first, 0)], { attempt: { startedAt, errorClass } });
      expect(shown).toEqual({
        request: sentWith(first),
        exact: true,
        note: 'No connection came about, so nothing of it was sent.',
      });
    },
  );
});
