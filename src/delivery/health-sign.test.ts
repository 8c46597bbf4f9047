import { expect, it } from 'vitest';
import { errorClasses } from '../core/delivery.ts';
import { type HealthSign, healthSign } from './health-sign.ts';

const statuses: { readonly [S in Exclude<HealthSign, 'well'>]: readonly number[] } = {
  refused: [
    400, 404, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 428, 431, 451, 499, 200,
  ],
  busy: [429],
  failed: [
    401, 402, 403, 405, 407, 421, 425, 426, 300, 304, 500, 501, 502, 503, 505, 507, 508, 511, 520, 530,
  ],
  timed_out: [408, 504, 522, 524, 598, 599],
};

it.each(Object.entries(statuses))('An answer is "%s" by its status', (sign, all) => {
  const signs = all.map((status) => [status, healthSign('status', status)]);
  expect(signs).toEqual(all.map((status) => [status, sign]));
});

it('An answer that was lost, or was none, says that the endpoint fails', () => {
  const signs = Object.fromEntries(
    errorClasses.map((errorClass) => [errorClass, healthSign(errorClass, 200)]),
  );
  expect(signs).toEqual({
    ...{ dns: 'failed', refused: 'failed', reset: 'failed', tls: 'failed', blocked_address: 'failed' },
    ...{ redirect: 'failed', too_large: 'failed', invalid_response: 'failed' },
    ...{ timeout_connect: 'timed_out', timeout_headers: 'timed_out', timeout_body: 'timed_out' },
    ...{ status: 'refused', body_mismatch: 'refused', render: 'refused', too_long: 'refused' },
  });
  expect(healthSign(null, 200)).toBe('well');
});
