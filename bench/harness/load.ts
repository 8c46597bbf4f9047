import { Agent, request } from 'undici';
import type { GatewayProcess, Sink } from './processes.ts';

export interface LoadOptions {
  readonly gateway: GatewayProcess;
  readonly accountIds: readonly string[];
  readonly batch: number;
  /** Calls of `POST /v1/events` under way at once. */
  readonly connections: number;
  /** Events that may be accepted and not yet delivered. */
  readonly maxBacklog: number;
  readonly sink: Sink;
  /** Events per second; `null`: as many as go. */
  readonly rate?: number | null;
}

/** Posts events until it is stopped. */
export interface Load {
  readonly accepted: number;
  stop(): Promise<void>;
}

const run = Date.now().toString(36);
let made = 0;

export function startLoad(options: LoadOptions): Load {
  const { gateway, accountIds, batch, sink, rate = null } = options;
  const agent = new Agent({ connections: options.connections, pipelining: 1 });
  const headers = { authorization: `Bearer ${gateway.operatorKey}`, 'content-type': 'application/json' };
  const startedAt = performance.now();
  let accepted = 0;
  let posted = 0;
  let stopped = false;

  function event(): string {
    const n = made++;
    const accountId = accountIds[n % accountIds.length] ?? '';
    const sentAt = Math.round((performance.timeOrigin + performance.now()) * 1000);
    return `{"accountId":"${accountId}","product":"sms","reportType":"dlr","transactionId":"t${sentAt}-${n}","messageId":"${run}-${n}","part":1,"status":"delivered","errorCode":"000","mobileNumber":"9198${String(n % 100_000_000).padStart(8, '0')}","receivedTime":"2026-11-22T10:15:30.000Z","deliveredTime":"2026-11-22T10:15:33.000Z"}`;
  }

  function mayPost(): boolean {
    if (accepted - sink.received > options.maxBacklog) return false;
    return rate === null || posted < ((performance.now() - startedAt) / 1000) * rate;
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      if (!mayPost()) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      posted += batch;
      const body = batch === 1 ? event() : `[${Array.from({ length: batch }, event).join(',')}]`;
      const answer = await request(`${gateway.url}/v1/events`, {
        method: 'POST',
        headers,
        body,
        dispatcher: agent,
      });
      if (answer.statusCode === 202) accepted += batch;
      else if (answer.statusCode !== 503) throw new Error(`${answer.statusCode} ${await answer.body.text()}`);
      await answer.body.dump();
    }
  }

  const loops = Array.from({ length: options.connections }, loop);
  return {
    get accepted() {
      return accepted;
    },
    async stop() {
      stopped = true;
      await Promise.all(loops);
      await agent.close();
    },
  };
}
