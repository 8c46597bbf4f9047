import { Agent, request } from 'undici';
import { nameOf } from '../kill-targets.ts';
import { pause } from '../processes.ts';
import type { Cluster, Place } from './cluster.ts';
import { endsOutdated, statusesInOrder, statusesOutdated } from './order-watch.ts';

/** What callers of a cluster were told, and the ledger of what was acknowledged. */
export interface Calls {
  /** Reports that were acknowledged and are to arrive, by name, with when that was (`performance.now()`). */
  readonly expected: ReadonlyMap<string, number>;
  /** Events that were acknowledged. */
  readonly accepted: number;
  /** Calls that were answered 503. */
  readonly refused: number;
  /** What those were told and what became of the unanswered ones: how often each. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Of those, the ones without `Retry-After`. */
  readonly withoutRetryAfter: number;
  /** Connections that could not be made: the port is closed. */
  readonly turnedAway: number;
  /** Calls that lost their connection before they were answered. */
  readonly unanswered: number;
  /** Answers of other kinds: must be none. */
  readonly odd: readonly string[];
  /** How long the acknowledged calls took, ms. */
  readonly tookMs: readonly number[];
  /** Resolves when all events of the load are acknowledged. */
  readonly ended: Promise<void>;
  /** No new batch is begun. */
  stop(): void;
}

export interface CallsOptions {
  readonly places: readonly Place[];
  /** In all; a multiple of what the callers hand in at once. */
  readonly events: number;
  readonly callers: number;
  /** Events in a call, a multiple of 100 as the kinds' shares add up to that. */
  readonly batch: number;
  /** Events a second; `null`: as many as go. */
  readonly rate: number | null;
  /** Tells one load from another. */
  readonly run: string;
  /** How long a caller waits for an answer before it goes to the next process. Default: 60 s. */
  readonly patienceMs?: number;
  /** A process that the caller takes for ready; without: all are. */
  readonly isReady?: (process: number) => boolean;
}

interface Report {
  readonly accountId: string;
  readonly messageId: string;
  readonly transactionId: string;
  readonly status: string;
  readonly isSkipped: boolean;
}

/** How long a caller waits when no process took its call. */
const pauseMs = 20;

/**
 * Callers that hand in events, each call at the next process in turn, and at the one after where it is refused or not answered: the
 * same events with the same ids. The reports of an ordered message go to one process after another.
 */
export function startCalls(cluster: Cluster, options: CallsOptions): Calls {
  const { places, events, callers, batch, rate, run, isReady = () => true, patienceMs = 60_000 } = options;
  const agent = new Agent({
    connections: callers,
    pipelining: 1,
    headersTimeout: patienceMs,
    connectTimeout: 5_000,
  });
  const expected = new Map<string, number>();
  const tookMs: number[] = [];
  const odd: string[] = [];
  const reasons = new Map<string, number>();
  const note = (reason: string): void => void reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const counts = { accepted: 0, refused: 0, withoutRetryAfter: 0, turnedAway: 0, unanswered: 0 };
  const startedAt = performance.now();
  let begun = 0;
  let next = 0;
  let stopped = false;

  async function call(caller: number): Promise<void> {
    for (let n = 0; !stopped && begun + batch <= events; n++) {
      begun += batch;
      const due = rate === null ? 0 : startedAt + ((begun - batch) / rate) * 1000 - performance.now();
      if (due > 0) await pause(due);
      const reports = reportsOf(places, batch, `${run}-${caller}`, n);
      const bodies = JSON.stringify(reports.map(bodyOf));
      while (!(await handIn(bodies, reports.length))) {}
      counts.accepted += reports.length;
      for (const { messageId, transactionId, isSkipped } of reports) {
        if (!isSkipped) expected.set(nameOf(messageId, transactionId), performance.now());
      }
    }
  }

  /** At the next process that is ready. False when it did not take all of them. */
  async function handIn(body: string, count: number): Promise<boolean> {
    const ready = cluster.urls.map((_, process) => process).filter(isReady);
    const process = ready[next++ % Math.max(1, ready.length)];
    if (process === undefined) {
      await pause(pauseMs);
      return false;
    }
    const calledAt = performance.now();
    try {
      const answer = await request(`${cluster.urls[process]}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${cluster.operatorKey}`, 'content-type': 'application/json' },
        body,
        dispatcher: agent,
      });
      const text = await answer.body.text();
      if (answer.statusCode === 202) {
        const { accepted, duplicates } = JSON.parse(text) as { accepted: number; duplicates: number };
        if (accepted + duplicates === count) {
          tookMs.push(performance.now() - calledAt);
          return true;
        }
        odd.push(text.slice(0, 200));
      } else if (answer.statusCode === 503) {
        counts.refused++;
        note((JSON.parse(text) as { code?: string }).code ?? text.slice(0, 100));
        if (!(Number(answer.headers['retry-after']) > 0)) counts.withoutRetryAfter++;
      } else odd.push(`${answer.statusCode} ${text.slice(0, 200)}`);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code === 'ECONNREFUSED') counts.turnedAway++;
      else {
        counts.unanswered++;
        note(`${code ?? ''} ${message}`);
      }
    }
    await pause(pauseMs);
    return false;
  }

  const ended = Promise.all(Array.from({ length: callers }, (_, caller) => call(caller))).then(() =>
    agent.close(),
  );
  return {
    expected,
    tookMs,
    odd,
    reasons,
    ended,
    get accepted() {
      return counts.accepted;
    },
    get refused() {
      return counts.refused;
    },
    get withoutRetryAfter() {
      return counts.withoutRetryAfter;
    },
    get turnedAway() {
      return counts.turnedAway;
    },
    get unanswered() {
      return counts.unanswered;
    },
    stop() {
      stopped = true;
    },
  };
}

/** The `n`-th call of a caller: each kind's share, spread over its webhooks. */
function reportsOf(places: readonly Place[], batch: number, caller: string, n: number): Report[] {
  const byKind = Map.groupBy(places, ({ endpoint }) => endpoint.kind);
  return [...byKind].flatMap(([kind, own]) =>
    Array.from({ length: (batch * kind.percent) / 100 }, (_, i): Report => {
      const perCall = (batch * kind.percent) / 100;
      // Three calls, one after another, bring the three reports of so many messages.
      const [message, part] = kind.isOrdered
        ? [Math.floor(n / statusesInOrder.length) * perCall + i, n % statusesInOrder.length]
        : [n * perCall + i, 0];
      const statuses = endsOutdated(message) ? statusesOutdated : statusesInOrder;
      return {
        accountId: own[message % own.length]?.accountId ?? '',
        messageId: `${caller}-${kind.name}-${message}`,
        transactionId: String(part),
        status: kind.isOrdered ? (statuses[part] ?? '') : 'delivered',
        isSkipped: kind.isOrdered && endsOutdated(message) && part === statuses.length - 1,
      };
    }),
  );
}

function bodyOf({ isSkipped: _, ...report }: Report): object {
  return {
    ...report,
    id: nameOf(report.messageId, report.transactionId),
    product: 'sms',
    reportType: 'dlr',
    errorCode: '000',
    mobileNumber: '919812345678',
  };
}
