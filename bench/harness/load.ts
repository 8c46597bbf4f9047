import { Agent, request } from 'undici';
import type { GatewayProcess } from './processes.ts';
import type { Sink } from './sink-process.ts';

/** How a server takes an event over HTTP. A body is the text before it, the event, and the text after it. */
export interface Intake {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const ownIntake: Intake = { path: '/v1/events', before: '', after: '' };

export interface LoadOptions {
  /** Where events are posted to. */
  readonly gateway: Pick<GatewayProcess, 'url' | 'operatorKey'>;
  /** Events go to them in turn. */
  readonly accountIds: readonly string[];
  /** Where it takes them and in what wrapping, if it is not Hookwire; such a server gets single events. */
  readonly intake?: Intake;
  /** Events in a call of `POST /v1/events`. */
  readonly batch: number;
  /** Calls under way at once. */
  readonly connections: number;
  /** Where the events arrive, and how many may be accepted and not yet arrived; `null`: any number. */
  readonly bound: { readonly sink: Sink; readonly backlog: number } | null;
  /** Events per second; `null`: as many as go. */
  readonly rate: number | null;
  /** Events to be accepted in all, a multiple of `batch`; without it there is no end. */
  readonly total?: number;
}

/** Posts events until it is stopped. */
export interface Load {
  readonly accepted: number;
  /** Resolves when it has ended: when `total` was accepted, or by `stop`, or because a call failed. */
  readonly ended: Promise<void>;
  /** Resolves when every call has its answer; rejects when a call failed. */
  stop(): Promise<void>;
}

const run = Date.now().toString(36);
let made = 0;

/** The time of posting, µs since the epoch, stands in the transaction id: the sink reads the latency from it. */
function event(accountId: string): string {
  const n = made++;
  const sentAt = Math.round((performance.timeOrigin + performance.now()) * 1000);
  return `{"accountId":"${accountId}","product":"sms","reportType":"dlr","transactionId":"t${sentAt}-${n}","messageId":"${run}-${n}","part":1,"status":"delivered","errorCode":"000","mobileNumber":"9198${String(n % 100_000_000).padStart(8, '0')}","receivedTime":"2026-11-22T10:15:30.000Z","deliveredTime":"2026-11-22T10:15:33.000Z"}`;
}

/** Starts to post. With a rate, calls are made when they are due, not when the one before them was answered. */
export function startLoad(options: LoadOptions): Load {
  const { gateway, accountIds, batch, bound, rate, connections, total = Number.POSITIVE_INFINITY } = options;
  const { path, before, after } = options.intake ?? ownIntake;
  const agent = new Agent({ connections, pipelining: 1, headersTimeout: 60_000 });
  const headers = { authorization: `Bearer ${gateway.operatorKey}`, 'content-type': 'application/json' };
  const startedAt = performance.now();
  const quiet = Promise.withResolvers<void>();
  let failure: unknown = null;
  let accepted = 0;
  let posted = 0;
  let underWay = 0;
  let stopped = false;
  let nextAccount = 0;

  function isDue(): boolean {
    if (stopped || underWay >= connections || accepted + underWay * batch >= total) return false;
    if (bound && accepted - bound.sink.received > bound.backlog) return false;
    return rate === null || posted < ((performance.now() - startedAt) / 1000) * rate;
  }

  function next(): string {
    nextAccount = (nextAccount + 1) % accountIds.length;
    return event(accountIds[nextAccount] ?? '');
  }

  function fill(): void {
    while (isDue()) void post();
    if (underWay === 0 && (stopped || accepted >= total)) quiet.resolve();
  }

  async function post(): Promise<void> {
    underWay++;
    posted += batch;
    const events = batch === 1 ? next() : `[${Array.from({ length: batch }, next).join(',')}]`;
    try {
      const answer = await request(gateway.url + path, {
        method: 'POST',
        headers,
        body: before + events + after,
        dispatcher: agent,
      });
      if (answer.statusCode === 202) accepted += batch;
      // 503: the gateway has as much as it takes for now, and the call is made again later.
      else if (answer.statusCode !== 503) throw new Error(`${answer.statusCode} ${await answer.body.text()}`);
      await answer.body.dump();
    } catch (error) {
      failure ??= error;
      stopped = true;
    }
    underWay--;
    fill();
  }

  const timer = setInterval(fill, 1);
  fill();
  return {
    get accepted() {
      return accepted;
    },
    ended: quiet.promise,
    async stop() {
      stopped = true;
      clearInterval(timer);
      fill();
      await quiet.promise;
      await agent.close();
      if (failure) throw failure;
    },
  };
}
