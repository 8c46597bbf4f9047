import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HookwireError } from '../../core/errors.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createHttpFixture, type HttpFixture } from '../testing/http-fixture.ts';
import { smsDlr } from '../testing/webhook-bodies.ts';
import { buildOpenApi } from './build-open-api.ts';

/** The fixture makes an internal error of each answer whose code the documents of its route do not name. */
let api: HttpFixture;
beforeEach(async () => {
  api = await createHttpFixture(createManualClock());
  await api.createAccount('acc_1');
});
afterEach(() => api.app.close());

const day = { from: '2026-11-22T10:00:00.000Z' };

describe('a gateway that stops', () => {
  it.each([
    ['POST', () => '/v1/erasures', { userId: 'IN.1' }],
    ['DELETE', () => '/v1/accounts/acc_1', undefined],
    ['POST', (webhook: string) => `/v1/webhooks/${webhook}/recover`, day],
    ['POST', () => '/v1/deliveries/replay', { accountId: 'acc_1', ...day }],
    ['GET', () => '/v1/live', undefined],
  ] as const)(
    'says so to a %s of what would go on for a while, as documented',
    async (method, path, body) => {
      const { id } = (await api.call('POST', '/v1/webhooks', { ...smsDlr, accountId: 'acc_1' })).body;
      const stop = async () => {
        throw new HookwireError('stopping', 'The gateway is stopping.', { retryAfterSeconds: 5 });
      };
      Object.assign(api.services.erasures, { create: stop, deleteAccount: stop });
      Object.assign(api.services.tasks, { create: stop });
      api.live.close();
      const answer = await api.call(method, path(String(id)), body);
      expect(answer.body).toMatchObject({ status: 503, code: 'stopping' });
      expect(answer.headers['retry-after']).toBe('5');
    },
  );
});

describe('what is answered before anybody looks which call it is', () => {
  it('stands with every call, but health checks are answered on whatever connection', async () => {
    const { paths } = (await buildOpenApi()) as {
      paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
    };
    const everywhere: Record<string, string> = {
      400: 'invalid_request',
      408: 'request_timeout',
      429: 'too_many_connections',
      431: 'headers_too_large',
      503: 'overloaded',
    };
    const missing = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) =>
        Object.entries(everywhere)
          .filter(([status, code]) => !responses[status]?.description.includes(`\`${code}\``))
          .map(([, code]) => `${method} ${path} ${code}`),
      ),
    );
    expect(missing).toEqual([
      'get /healthz too_many_connections',
      'get /healthz overloaded',
      'get /readyz too_many_connections',
      'get /readyz overloaded',
    ]);
  });
});
