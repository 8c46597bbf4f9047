/**
 * The raw ceiling: one process that sends signed bodies with undici `request` over kept connections and stores nothing.
 *
 *   node bench/harness/ceiling.ts <url,url,…> <in flight> <warm-up seconds> <seconds>
 *
 * Prints one JSON line: { perSecond }.
 */
import { Agent, request } from 'undici';
import { compileWebhook } from '../../src/rendering/compile.ts';
import { renderRequest } from '../../src/rendering/render.ts';
import { signingKey } from '../../src/rendering/sign.ts';
import { createSecret } from '../../src/rendering/signing-secret.ts';
import { testEvent, testWebhook } from '../../src/testing/factories.ts';

const [urls = '', inFlight = '50', warmUp = '1', seconds = '5'] = process.argv.slice(2);
const targets = urls.split(',');
const agent = new Agent({
  connections: targets.length === 1 ? Number(inFlight) : 2,
  pipelining: 1,
  keepAliveTimeout: 60_000,
});
const keys = [signingKey(createSecret())];
// Signed before the clock starts: the ceiling is sending alone.
const requests = Array.from({ length: Math.max(1_000, targets.length) }, (_, i) => {
  const compiled = compileWebhook(testWebhook({ url: targets[i % targets.length] ?? '' }));
  const event = testEvent({ messageId: `message-${i}`, transactionId: `${i}` });
  const signing = { id: `dlv_${i}`, timestampSeconds: Math.floor(Date.now() / 1000), keys };
  const { origin, path, method, headers, body } = renderRequest(compiled, event, signing);
  return { url: origin + path, options: { method, headers: [...headers], body, dispatcher: agent } };
});

let sent = 0;
let next = 0;
let stop = false;
async function loop(): Promise<void> {
  while (!stop) {
    const one = requests[next++ % requests.length];
    if (!one) return;
    const { body } = await request(one.url, one.options);
    await body.dump();
    sent++;
  }
}
const loops = Array.from({ length: Number(inFlight) }, loop);
await new Promise((resolve) => setTimeout(resolve, Number(warmUp) * 1000));
const from = { sent, at: performance.now() };
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
const perSecond = ((sent - from.sent) / (performance.now() - from.at)) * 1000;
stop = true;
await Promise.all(loops);
await agent.close();
console.log(JSON.stringify({ perSecond }));
