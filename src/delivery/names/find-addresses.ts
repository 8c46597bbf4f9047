import type { Clock, Timer } from '../../core/clock.ts';
import type { NameServers, NoAnswer, Reply } from './ask-servers.ts';
import type { NameCache } from './cache.ts';
import type { RecordType } from './message.ts';

/** What a look-up found. */
export type FoundAddresses = { readonly addresses: readonly string[] } | NotFound;

/** Why there is no address. */
export type NotFound =
  /** There is no such name. */
  | { readonly failure: 'unknown' }
  /** The name has no addresses. */
  | { readonly failure: 'none' }
  /** Whether it has cannot be told; `partly`: one of the two types is known to have none. */
  | { readonly failure: NoAnswer; readonly partly: RecordType | null };

const types = ['A', 'AAAA'] as const;
/** How long the other type is waited for when one has an address (RFC 8305, 3). */
const otherTypeMs = 50;
/** How long an answer is waited for when one is known whose time to live is over (RFC 8767, 5). */
const staleAfterMs = 1_000;

export interface Finding {
  readonly servers: NameServers;
  readonly cache: NameCache;
  readonly clock: Clock;
}

/** The addresses that are known of a name without asking; `null`: it has to be asked for. */
export function knownAddresses(name: string, { cache }: Pick<Finding, 'cache'>): FoundAddresses | null {
  const known = types.map((type) => cache.get(name, type));
  if (known.some((each) => each?.answer.kind === 'unknown' && !each.isStale)) return { failure: 'unknown' };
  if (!known.every((each) => each !== null && !each.isStale)) return null;
  const addresses = known.flatMap((each) => (each?.answer.kind === 'addresses' ? each.answer.addresses : []));
  return addresses.length > 0 ? { addresses } : { failure: 'none' };
}

/**
 * Asks for the addresses of a complete name: IPv4 and IPv6 at once, going on with the first that answers. What comes later is
 * kept for the next look-up. When no server answers, what was known before serves for a while.
 */
export function findAddresses(name: string, withinMs: number, finding: Finding): Promise<FoundAddresses> {
  const { servers, cache, clock } = finding;
  return new Promise((resolve) => {
    const replies = new Map<RecordType, Reply>();
    let timer: Timer | null = null;
    let isSettled = false;
    const stale = staleAddresses(name, finding);
    if (stale.length > 0) timer = clock.setTimer(useStale, Math.min(staleAfterMs, withinMs));

    function useStale(): void {
      cache.hold(name);
      settle({ addresses: stale });
    }

    function settle(found: FoundAddresses): void {
      if (isSettled) return;
      isSettled = true;
      timer?.cancel();
      resolve(found);
    }

    const asking = servers.ask(name, types, withinMs, (type, reply) => {
      if (isAnswer(reply)) cache.put(name, type, reply);
      replies.set(type, reply);
      if (reply.kind === 'unknown') {
        // That there is no such name holds for every type.
        settle({ failure: 'unknown' });
        asking.close();
      } else if (replies.size === types.length) {
        const found = summary(replies);
        const isUnsure = 'failure' in found && typeof found.failure === 'object';
        if (isUnsure && stale.length > 0) useStale();
        else settle(found);
      } else if (reply.kind === 'addresses') {
        timer?.cancel();
        timer = clock.setTimer(() => settle({ addresses: reply.addresses }), otherTypeMs);
      }
    });
  });
}

function staleAddresses(name: string, { cache }: Finding): readonly string[] {
  return types.flatMap((type) => {
    const known = cache.get(name, type);
    return known?.answer.kind === 'addresses' ? known.answer.addresses : [];
  });
}

function summary(replies: ReadonlyMap<RecordType, Reply>): FoundAddresses {
  const all = types.map((type) => replies.get(type));
  const addresses = all.flatMap((reply) => (reply?.kind === 'addresses' ? reply.addresses : []));
  if (addresses.length > 0) return { addresses };
  const failed = all.find((reply) => reply !== undefined && !isAnswer(reply));
  if (!failed || isAnswer(failed)) return { failure: 'none' };
  const partly = types.find((type) => replies.get(type)?.kind === 'none') ?? null;
  return { failure: failed, partly };
}

function isAnswer(reply: Reply): reply is Exclude<Reply, NoAnswer> {
  return reply.kind === 'addresses' || reply.kind === 'none' || reply.kind === 'unknown';
}
