/** A sort of webhook in a cluster's load. */
export interface EndpointKind {
  readonly name: string;
  readonly webhooks: number;
  /** Of the load, so many hundredths. */
  readonly percent: number;
  /** What it may have under way at once, over all processes. */
  readonly maxConcurrency: number;
  readonly isOrdered: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  /** How long an answer takes. */
  readonly takesMs: number;
  /** It refuses so much that its breaker may open. */
  readonly mayRest: boolean;
  /** What the endpoint answers to a report, by its name: each has its first answer, and 200 ever after. */
  statusOf(name: string): number;
}

const usualConcurrency = 50;
/** So much of a failing endpoint's reports is refused once: less than opens its breaker. */
const refusedShare = 0.15;

/** Requests a second of a webhook whose reports wait for their turn in memory. */
const steadyRate = 5;

/**
 * Webhooks of every sort whose promises could break when they move from one process to another.
 * @param steady hundredths of the load that go to webhooks which bound their rate, so that something always waits for them
 */
export function allKinds(steady = 2): EndpointKind[] {
  return [
    kind({ name: 'plain', webhooks: 10, percent: 60 - steady }),
    kind({ name: 'steady', webhooks: 4, percent: steady, ratePerSecond: steadyRate }),
    kind({ name: 'ordered', webhooks: 6, percent: 22, isOrdered: true, statusOf: refuseSome(0.01) }),
    kind({ name: 'single', webhooks: 4, percent: 10, maxConcurrency: 1 }),
    kind({ name: 'slow', webhooks: 2, percent: 3, maxConcurrency: 4, takesMs: 40 }),
    kind({ name: 'failing', webhooks: 2, percent: 5, mayRest: true, statusOf: refuseSome(refusedShare) }),
  ];
}

/** Webhooks that take all at once, as many as a machine's load is shared out among. */
export function plainKinds(webhooks: number): EndpointKind[] {
  return [kind({ name: 'plain', webhooks, percent: 100 })];
}

type Given = Pick<EndpointKind, 'name' | 'webhooks' | 'percent'> &
  Partial<EndpointKind> & { readonly ratePerSecond?: number };

function kind({ ratePerSecond, ...given }: Given): EndpointKind {
  const { maxConcurrency = usualConcurrency, isOrdered = false } = given;
  return {
    ...{ takesMs: 0, mayRest: false, statusOf: () => 200 },
    ...given,
    ...{ maxConcurrency, isOrdered },
    settings: { maxConcurrency, ordered: isOrdered, ...(ratePerSecond && { ratePerSecond }) },
  };
}

/** Refuses some reports when they come for the first time. */
function refuseSome(share: number): (name: string) => number {
  const refused = new Set<string>();
  return (name) => {
    if (refused.has(name) || Math.random() >= share) return 200;
    refused.add(name);
    return 500;
  };
}
