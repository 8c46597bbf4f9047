import { Agent, request } from 'undici';
import { percentile } from './figures.ts';
import type { GatewayProcess } from './processes.ts';

/** What an account that does nothing wrong sees of its calls. */
export interface Seen {
  /** Milliseconds from when a call was due to its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Calls that were answered with something else than 202. */
  readonly refused: number;
  readonly calls: number;
}

/**
 * Posts one event after another at a steady rate and measures from the moment when each call was due, so that a
 * standstill counts for every call that it held up.
 *
 * @param perSecond calls a second, over 20 kept connections
 */
export async function postQuietly(
  gateway: Pick<GatewayProcess, 'url'>,
  key: string,
  accountId: string,
  perSecond: number,
  seconds: number,
): Promise<Seen> {
  const agent = new Agent({ connections: 20, pipelining: 1, headersTimeout: 120_000 });
  const took: number[] = [];
  let refused = 0;
  const calls: Promise<void>[] = [];
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);

  async function post(n: number, dueAt: number): Promise<void> {
    const event = {
      accountId,
      product: 'sms',
      reportType: 'dlr',
      messageId: `quiet-${Math.round(startedAt)}-${n}`,
      status: 'delivered',
      mobileNumber: '919812345678',
    };
    const answer = await request(`${gateway.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(event),
      dispatcher: agent,
    }).catch(() => null);
    if (answer?.statusCode !== 202) refused++;
    await answer?.body.dump();
    took.push(performance.now() - dueAt);
  }

  await new Promise<void>((resolve) => {
    let made = 0;
    const timer = setInterval(() => {
      while (made < total && performance.now() >= startedAt + (made * 1000) / perSecond) {
        calls.push(post(made, startedAt + (made * 1000) / perSecond));
        made++;
      }
      if (made < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await Promise.all(calls);
  await agent.destroy();
  return { p50: percentile(took, 0.5), p99: percentile(took, 0.99), refused, calls: total };
}
