import type { IncomingHttpHeaders } from 'node:http';
import { HookwireError } from '../../core/errors.ts';
import { type BucketSize, createTokenBuckets, type TokenBuckets } from '../../core/token-buckets.ts';
import { networkOf } from '../../people/network.ts';
import type { Caller } from '../callers/caller.ts';

/** Calls a second, on average; `null`: as many as come. */
export interface CallRates {
  /** Of an account's key, a person or a portal link. */
  readonly ofKey: number | null;
  /** Of an address (of IPv6: a /64), whoever calls. */
  readonly ofAddress: number | null;
  /** Of an address, that are refused because nobody knows the key. */
  readonly refusedOfAddress: number | null;
}

export const usualCallRates: CallRates = { ofKey: 200, ofAddress: 1_000, refusedOfAddress: 50 };

/**
 * Holds callers to so many calls a second. Events that are handed in are not calls: they have limits of their own
 * (`intake/admission.ts`).
 *
 * Buckets of our own and not `@fastify/rate-limit`: that counts in windows, so that a second's worth may come twice at
 * once, cannot give back what was taken for nothing, and knows no debt.
 */
export interface CallLimits {
  /** @throws HookwireError `too_many_calls` */
  countAddress(ip: string): void;
  /**
   * Operators' keys are the platform's own and are not limited.
   * @param cost as how many calls it counts: {@link costOf}
   * @throws HookwireError `too_many_calls`
   */
  countCaller(caller: Caller, cost: number): void;
  /** Bounds how often an address may ask who it is. */
  readonly lookUps: LookUps;
}

/**
 * A look-up of a key that nobody knows costs its address one of its refusals, so that who guesses keys, or goes on with a
 * deleted one, is refused without a look-up.
 */
export interface LookUps {
  /**
   * To be called before a look-up.
   * @returns is called when somebody was found: then it costs nothing
   * @throws HookwireError `too_many_calls`
   */
  begin(ip: string): () => void;
}

const bytesOfCall = 32 * 1024;
/** Of a body whose length is not said. */
const costOfUnknownLength = 8;

/**
 * As how many calls one counts. A preview costs 2 to 3 ms of the main thread, and up to 8 ms with an event of 200 KB, several
 * times as much as reading what is there; large bodies cost in proportion.
 * @param usual of its route
 */
export function costOf(usual: number, headers: IncomingHttpHeaders): number {
  if (headers['transfer-encoding'] !== undefined) return usual + costOfUnknownLength;
  const bytes = Number(headers['content-length'] ?? 0);
  return usual + (bytes > 0 ? Math.floor(bytes / bytesOfCall) : 0);
}

/** So that a page, or a program that begins, may do its first calls at once. */
const burstSeconds = 5;
/** What a gateway has in memory grows by as many look-ups at once after a start. */
const refusedBurstSeconds = 10;

export function createCallLimits(clock: { now(): number }, rates: CallRates): CallLimits {
  const keys = createTokenBuckets(clock);
  const addresses = createTokenBuckets(clock);
  const refusals = createTokenBuckets(clock);

  function take(
    buckets: TokenBuckets,
    key: string,
    perSecond: number,
    seconds: number,
    who: Who,
    cost = 1,
  ): void {
    const size: BucketSize = { perSecond, burst: perSecond * seconds };
    const waitMs = buckets.take(key, cost, size);
    if (waitMs === null) return;
    throw new HookwireError('too_many_calls', who.told(perSecond), {
      limit: { name: who.limit, value: perSecond },
      retryAfterSeconds: Math.ceil(waitMs / 1000),
    });
  }

  return {
    countAddress(ip) {
      if (rates.ofAddress !== null) take(addresses, networkOf(ip), rates.ofAddress, burstSeconds, address);
    },
    countCaller({ actor, role }, cost) {
      if (rates.ofKey === null || actor.kind === 'operatorKey' || role === 'operator') return;
      take(keys, `${actor.kind} ${actor.id}`, rates.ofKey, burstSeconds, key, cost);
    },
    lookUps: {
      begin(ip) {
        if (rates.refusedOfAddress === null) return () => {};
        const network = networkOf(ip);
        take(refusals, network, rates.refusedOfAddress, refusedBurstSeconds, stranger);
        return () => refusals.giveBack(network, 1);
      },
    },
  };
}

interface Who {
  readonly limit: string;
  readonly told: (perSecond: number) => string;
}

const key: Who = {
  limit: 'callsPerSecondOfKey',
  told: (perSecond) => `Whoever calls may do so ${perSecond} times a second, and did more often.`,
};
const address: Who = {
  limit: 'callsPerSecondOfAddress',
  told: (perSecond) => `From one address ${perSecond} calls a second are taken, and more came from this one.`,
};
const stranger: Who = {
  limit: 'refusedCallsPerSecond',
  told: (perSecond) =>
    `More than ${perSecond} calls a second came from this address with a key, a link or a cookie that is not known. Check what is sent.`,
};
