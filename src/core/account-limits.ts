import { HookwireError } from './errors.ts';

/**
 * What is limited: how many there may be (`count`), how many events a second (`rate`), how much may wait (`waiting`), or
 * how much may be under way at once (`atOnce`). A count is refused with 409, since time does not help; the rest with 429.
 */
export type LimitKind = 'count' | 'rate' | 'waiting' | 'atOnce';

/** One limit of an account. Configuration keys, the API, the portal and the reference are made from this. */
export interface AccountLimit {
  readonly kind: LimitKind;
  /** What people call it. */
  readonly label: string;
  /** What is counted; follows the number. */
  readonly unit: string;
  /** What it holds, in a sentence for operators and accounts. */
  readonly description: string;
  /** For every account that has no limit of its own; `null`: none. */
  readonly default: number | null;
  /** Where it can be set, inclusively. */
  readonly least: number;
  readonly most: number;
  /** What an account that is refused is told. */
  readonly refusal: (value: number) => string;
  /** Seconds after which trying again makes sense, where that cannot be computed. */
  readonly retryAfterSeconds: number | null;
}

const askOperator = 'The operator of the gateway can raise the limit.';

/** Every limit of an account, in the order in which they are shown. */
export const accountLimits = {
  webhooks: {
    kind: 'count',
    label: 'Webhooks',
    unit: 'webhooks',
    description:
      'Webhooks that the account may have, disabled ones included. An event costs a delivery for each that matches.',
    default: 200,
    least: 1,
    most: 100_000,
    refusal: (value) =>
      `The account may have ${value} webhooks and has them. Delete one that is not needed. ${askOperator}`,
    retryAfterSeconds: null,
  },
  eventsPerSecond: {
    kind: 'rate',
    label: 'Events a second',
    unit: 'events a second',
    description:
      'Events that are taken for the account, on average. A second’s worth may come at once; a larger batch is taken when nothing was for a second, and those after it wait for as long as it is worth.',
    default: null,
    least: 1,
    most: 1_000_000,
    refusal: (value) =>
      `The account may hand in ${value} events a second, and these are more. None of them was taken: send them again after the time in Retry-After. ${askOperator}`,
    retryAfterSeconds: 1,
  },
  deliveriesWaiting: {
    kind: 'waiting',
    label: 'Deliveries waiting',
    unit: 'deliveries',
    description:
      'Deliveries of the account that may wait: for their first attempt, for a retry, or for a webhook that is disabled. Beyond it its events are not taken until some have ended.',
    default: 5_000_000,
    least: 1,
    most: 1_000_000_000,
    refusal: (value) =>
      `${value} deliveries of the account may wait, and with these events there would be more. None of them was taken. See which webhooks fail or are disabled, and send the events again when less waits. ${askOperator}`,
    retryAfterSeconds: 30,
  },
  keys: {
    kind: 'count',
    label: 'API keys',
    unit: 'API keys',
    description: 'API keys that the account may have.',
    default: 100,
    least: 1,
    most: 10_000,
    refusal: (value) =>
      `The account may have ${value} API keys and has them. Delete one that is not needed. ${askOperator}`,
    retryAfterSeconds: null,
  },
  senders: {
    kind: 'count',
    label: 'Numbers',
    unit: 'numbers',
    description: 'Waba Numbers that the account may register.',
    default: 1_000,
    least: 1,
    most: 1_000_000,
    refusal: (value) =>
      `The account may have ${value} numbers and has them. Remove one that is not needed. ${askOperator}`,
    retryAfterSeconds: null,
  },
  liveStreams: {
    kind: 'atOnce',
    label: 'Live streams',
    unit: 'live streams',
    description:
      'Streams of deliveries as they happen that the account may have open at once. Each page of deliveries in the portal that follows along is one.',
    default: 10,
    least: 1,
    most: 1_000,
    refusal: (value) =>
      `The account may have ${value} live streams open at once and has them. Close one. ${askOperator}`,
    retryAfterSeconds: 30,
  },
  tests: {
    kind: 'atOnce',
    label: 'Tests',
    unit: 'tests',
    description: 'Tests of webhooks that the account may have under way at once.',
    default: 5,
    least: 1,
    most: 1_000,
    refusal: (value) =>
      `The account may have ${value} tests under way at once and has them. Try again when one has ended. ${askOperator}`,
    retryAfterSeconds: 5,
  },
  lists: {
    kind: 'atOnce',
    label: 'Lists',
    unit: 'lists',
    description:
      'Lists, searches and statistics that the account may have under way at once, however many people and programs ask.',
    default: 4,
    least: 1,
    most: 100,
    refusal: (value) =>
      `The account may have ${value} lists under way at once, and more of its calls wait than may. Ask for one after another. ${askOperator}`,
    retryAfterSeconds: 1,
  },
} as const satisfies { readonly [name: string]: AccountLimit };

export type LimitName = keyof typeof accountLimits;

export const limitNames = Object.keys(accountLimits) as readonly LimitName[];

/** The limits of an account, or the defaults for all: `null` is no limit. */
export type LimitValues = { readonly [N in LimitName]: number | null };

/** Limits of one account alone; those that are not named are the defaults. */
export type LimitOverrides = { readonly [N in LimitName]?: number };

/** A change of {@link LimitOverrides}: `null` takes the account's own limit away. */
export type LimitChanges = { readonly [N in LimitName]?: number | null };

/** How much an account has or does right now; `null`: that is not counted. */
export type LimitUsage = { readonly [N in LimitName]: number | null };

/** The limits that are declared here, for who configures none. */
export const declaredLimits: LimitValues = Object.fromEntries(
  limitNames.map((name) => [name, accountLimits[name].default]),
) as LimitValues;

/** What the account's limits are. */
export function limitsInEffect(defaults: LimitValues, overrides: LimitOverrides): LimitValues {
  return { ...defaults, ...overrides };
}

/**
 * The error for an account that is at its limit: `limit_reached` (409) or `slow_down` (429), naming the limit and its
 * value.
 * @param retryAfterSeconds where it is known better than the declaration does
 */
export function limitError(name: LimitName, value: number, retryAfterSeconds?: number): HookwireError {
  const limit: AccountLimit = accountLimits[name];
  const after = retryAfterSeconds ?? limit.retryAfterSeconds;
  return new HookwireError(limit.kind === 'count' ? 'limit_reached' : 'slow_down', limit.refusal(value), {
    limit: { name, value },
    ...(after !== null && limit.kind !== 'count' && { retryAfterSeconds: after }),
  });
}
