import { Agent, type Dispatcher, request } from 'undici';

/** A client of `POST /v1/events` that makes each call again until it is answered with 202. */
export interface RestartLoad {
  /** Calls that got no answer, or another one, by what became of them. */
  readonly failed: ReadonlyMap<string, number>;
  /** When each 202 came, ms of `performance.now()`. */
  readonly acceptedAt: readonly number[];
  /** Resolves when every call was accepted. */
  stop(): Promise<void>;
}

export interface RestartLoadOptions {
  readonly url: string;
  readonly operatorKey: string;
  readonly perSecond: number;
  /** Keeps its connections; else each call makes one of its own. */
  readonly keepsConnections: boolean;
  /** The n-th event, with an id of the caller's own. */
  readonly event: (n: number) => object;
  readonly onAccepted: (n: number) => void;
}

/** As a careful client waits; more would be a storm that the starting gateway shares the machine with. */
const againMs = 100;

export function startRestartLoad(options: RestartLoadOptions): RestartLoad {
  const failed = new Map<string, number>();
  const acceptedAt: number[] = [];
  const underWay = new Set<Promise<void>>();
  const headers = { authorization: `Bearer ${options.operatorKey}`, 'content-type': 'application/json' };
  // Without pipelining undici gives each call a connection of its own, and says so to the gateway.
  const agent = new Agent(options.keepsConnections ? { connections: 20 } : { pipelining: 0 });
  const startedAt = performance.now();
  let made = 0;

  async function post(n: number): Promise<void> {
    const body = JSON.stringify(options.event(n));
    for (;;) {
      const became = await call(`${options.url}/v1/events`, {
        method: 'POST',
        headers,
        body,
        dispatcher: agent,
      });
      if (became === '202') break;
      failed.set(became, (failed.get(became) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
    acceptedAt.push(performance.now());
    options.onAccepted(n);
  }

  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * options.perSecond;
    while (made < due) {
      const posting = post(made++).finally(() => underWay.delete(posting));
      underWay.add(posting);
    }
  }, 2);

  return {
    failed,
    acceptedAt,
    async stop() {
      clearInterval(timer);
      while (underWay.size > 0) await Promise.all(underWay);
      await agent.close();
    },
  };
}

type Call = Omit<Dispatcher.RequestOptions, 'origin' | 'path'> & { readonly dispatcher: Dispatcher };

/** The answer's status, or the code of what went wrong. */
async function call(url: string, options: Call): Promise<string> {
  try {
    const answer = await request(url, options);
    await answer.body.dump();
    return String(answer.statusCode);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
