import { Agent, request } from 'undici';
import type { GatewayProcess } from './processes.ts';

/** A call that was answered 202, kept outside of the gateway. */
export interface LedgerEntry {
  /** The events' own ids. */
  readonly ids: readonly string[];
  /** By `performance.now()`. */
  readonly answeredAt: number;
  readonly tookMs: number;
}

export interface LedgerLoad {
  readonly ledger: readonly LedgerEntry[];
  /** Answers other than 202, and calls without one. */
  readonly refused: number;
  stop(): Promise<void>;
}

export interface LedgerLoadOptions {
  readonly accountId: string;
  /** Events in a call. */
  readonly batch: number;
  /** Events a second. */
  readonly rate: number;
}

const connections = 50;
const tickMs = 2;

/** Posts events when they are due, whether or not earlier calls were answered, and writes down what was acknowledged. */
export function startLedgerLoad(gateway: GatewayProcess, options: LedgerLoadOptions): LedgerLoad {
  const { accountId, batch, rate } = options;
  const agent = new Agent({ connections, pipelining: 1 });
  const ledger: LedgerEntry[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  const run = Math.random().toString(36).slice(2);
  let posted = 0;
  let refused = 0;

  async function post(): Promise<void> {
    const ids = Array.from({ length: batch }, () => `${run}-${posted++}`);
    const events = ids.map((id) => ({
      ...{ id, accountId, product: 'sms', reportType: 'dlr', messageId: id, transactionId: `t${id}` },
      ...{ status: 'delivered', mobileNumber: `9198${String(posted % 1e8).padStart(8, '0')}` },
    }));
    const postedAt = performance.now();
    try {
      const answer = await request(`${gateway.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.operatorKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(events),
        dispatcher: agent,
      });
      await answer.body.dump();
      const answeredAt = performance.now();
      if (answer.statusCode === 202) ledger.push({ ids, answeredAt, tookMs: answeredAt - postedAt });
      else refused++;
    } catch {
      refused++;
    }
  }

  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * rate;
    while (posted < due) {
      const call = post().finally(() => underWay.delete(call));
      underWay.add(call);
    }
  }, tickMs);

  return {
    ledger,
    get refused() {
      return refused;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      await agent.close();
    },
  };
}
