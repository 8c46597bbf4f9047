import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Event } from './peer.ts';

/** More did not make any of the peers faster. */
export const concurrency = 100;

const key = createSecretKey(randomBytes(32));
const agent = new Agent({
  connections: 50,
  pipelining: 1,
  keepAliveTimeout: 60_000,
  headersTimeout: 15_000,
  bodyTimeout: 15_000,
});

/** What a user's worker does for one job: the endpoint's names, a signature, one POST. Throws what should be retried. */
export async function deliver(target: string, id: string, event: Event): Promise<void> {
  const body = JSON.stringify({
    txn_id: event.transactionId,
    msg_id: event.messageId,
    error_code: event.errorCode,
    mobile: event.mobileNumber,
    received_time: event.receivedTime,
    delivered_time: event.deliveredTime,
  });
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const answer = await request(target, {
    method: 'POST',
    body,
    dispatcher: agent,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${signature}`,
    },
  });
  await answer.body.dump();
  if (answer.statusCode >= 300) throw new Error(`The endpoint answered ${answer.statusCode}.`);
}
