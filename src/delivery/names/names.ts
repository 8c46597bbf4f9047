import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { NameServer } from '../../config/parsers.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import { createNameServers } from './ask-servers.ts';
import { createNameCache } from './cache.ts';
import { candidatesOf } from './candidates.ts';
import {
  type Finding,
  type FoundAddresses,
  findAddresses,
  knownAddresses,
  type NotFound,
} from './find-addresses.ts';
import { parseHostsFile } from './hosts-file.ts';
import { invalidName, LookupTurnError, nameError } from './name-error.ts';
import { parseResolvConf, type ResolvConf } from './resolv-conf.ts';
import { type Asker, createShares, type WaitingLookUp } from './shares.ts';
import { watchSystemFile } from './system-file.ts';

/** An address, as `net.connect` wants it of a look-up. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

export type Resolution =
  | { readonly addresses: readonly Address[] }
  /** A {@link NameError}, a {@link LookupTurnError}, or what the machine was short of (`EMFILE` …). */
  | { readonly error: Error };

export interface Asking {
  /** Whose name it is; `null`: the gateway's own. */
  readonly account: Asker;
  /**
   * Its turn has come: until then it waits for look-ups of other names, which is nobody's time. Not called where nothing
   * has to be asked.
   */
  readonly onTurn?: () => void;
}

/** Finds the addresses of names. */
export interface Names {
  /** Never rejects. Takes {@link lookupMs} at most, from when its turn has come. */
  resolve(host: string, asking: Asking): Promise<Resolution>;
  /** Ends every look-up that is under way. */
  close(): void;
}

export interface NamesOptions {
  readonly clock: Clock;
  /** Instead of those of `resolv.conf`. */
  readonly servers?: readonly NameServer[];
  readonly resolvConf?: string;
  readonly hostsFile?: string;
  /** Threads that look names up, each for itself, and share what may be under way. Default: 1. */
  readonly threads?: number;
}

/** The longest that one look-up takes. */
export const lookupMs = 5_000;

/**
 * Look-ups under way at once. Each has a socket for each server that it asks: a hundred take 100 to 300 descriptors at worst,
 * when nothing is answered.
 */
export const lookupShares: { readonly perAccount: number; readonly inAll: number; readonly reserve: number } =
  { perAccount: 8, inAll: 100, reserve: 50 };

/** What one of several threads may have under way; of an account at least two, so that a silent name does not stop it. */
function sharesOf(threads: number): typeof lookupShares {
  const part = (all: number, least: number) => Math.max(least, Math.floor(all / threads));
  const { perAccount, inAll, reserve } = lookupShares;
  return { perAccount: part(perAccount, 2), inAll: part(inAll, 4), reserve: part(reserve, 2) };
}

/** What waits for longer than this goes back to its lane; see `LookupTurnError`. */
const longestWaitMs = 10_000;
const mostWaiting = 200;
/** A name that was not answered is not asked for again at once (RFC 9520, 3.2). */
const askAgainMs = 2_000;
const mostFailures = 5_000;

interface Job {
  readonly host: string;
  readonly turns: Map<Asker, WaitingLookUp>;
  readonly waiters: Set<Waiter>;
  isUnderWay: boolean;
}

interface Waiter {
  readonly onTurn: (() => void) | undefined;
  settle(resolution: Resolution): void;
}

/**
 * The gateway's own resolver. `dns.lookup` works in libuv's pool of four threads, where twelve names without an answer held
 * everybody else's up for minutes; c-ares (`dns.Resolver`) knows neither search domains nor how long a name is absent, and
 * calls a lack of descriptors a refused connection.
 *
 * ```text
 * host ──▸ hosts file, localhost ──▸ cache ──▸ asked for already? ──▸ a place (by account) ──▸ name servers
 *             └── addresses          └── fresh   └── waits with the others                       ├── addresses, for as long as they say
 *                                                                                                └── why not, for two seconds
 * ```
 */
export function createNames(options: NamesOptions): Names {
  const { clock, resolvConf = '/etc/resolv.conf', hostsFile = '/etc/hosts' } = options;
  const confFile = watchSystemFile(resolvConf, parseResolvConf, clock);
  const hosts = watchSystemFile(hostsFile, parseHostsFile, clock);
  const conf = (): ResolvConf => {
    const current = confFile.current();
    return options.servers ? { ...current, servers: options.servers } : current;
  };
  const cache = createNameCache(clock);
  const finding: Finding = { servers: createNameServers(conf, clock), cache, clock };
  const shares = createShares({ ...sharesOf(options.threads ?? 1), now: () => clock.now() });
  const jobs = new Map<string, Job>();
  const failures = new Map<string, { readonly error: Error; readonly at: number }>();
  let answeredFor = confFile.current();

  /** What name servers said before is of no use when these have changed. */
  function forgetOtherServers(): void {
    const current = confFile.current();
    if (current === answeredFor) return;
    answeredFor = current;
    cache.clear();
    failures.clear();
  }

  function withoutAsking(host: string, names: readonly string[]): Resolution | null {
    const listed = hosts.current().get(host.toLowerCase().replace(/\.$/, ''));
    if (listed) return found(listed);
    forgetOtherServers();
    let last: NotFound = { failure: 'unknown' };
    for (const name of names) {
      const known = knownAddresses(name, finding);
      if (!known) return failedLately(host);
      if ('addresses' in known) return found(known.addresses);
      if (known.failure === 'none' || last.failure === 'unknown') last = known;
    }
    return { error: nameError(host, last, lookupMs) };
  }

  function failedLately(host: string): Resolution | null {
    const failure = failures.get(host);
    if (!failure) return null;
    const sinceMs = clock.now() - failure.at;
    if (sinceMs >= 0 && sinceMs < askAgainMs) return { error: failure.error };
    failures.delete(host);
    return null;
  }

  async function askForAll(_host: string, names: readonly string[]): Promise<FoundAddresses> {
    const startedAt = clock.now();
    let worst: NotFound = { failure: 'unknown' };
    for (const name of names) {
      const leftMs = startedAt + lookupMs - clock.now();
      const known = knownAddresses(name, finding);
      if (!known && leftMs <= 0) break;
      const one = known ?? (await findAddresses(name, Math.min(leftMs, lookupMs), finding));
      if ('addresses' in one) return one;
      if (tells(one) >= tells(worst)) worst = one;
    }
    return worst;
  }

  async function work(job: Job, account: Asker, names: readonly string[], leave: () => void): Promise<void> {
    job.isUnderWay = true;
    for (const [other, turn] of job.turns) shares.withdraw(other, turn);
    for (const waiter of job.waiters) waiter.onTurn?.();
    const outcome = await askForAll(job.host, names);
    jobs.delete(job.host);
    if ('failure' in outcome && typeof outcome.failure === 'object') {
      if (outcome.failure.kind === 'silent') shares.failed(account);
    }
    leave();
    const resolution = 'addresses' in outcome ? found(outcome.addresses) : notFound(job.host, outcome);
    for (const waiter of job.waiters) waiter.settle(resolution);
  }

  function notFound(host: string, why: NotFound): Resolution {
    const { failure } = why;
    if (typeof failure === 'string') return { error: nameError(host, why, lookupMs) };
    if (failure.kind === 'short') return { error: failure.error };
    const error = nameError(host, why, lookupMs);
    failures.delete(host);
    failures.set(host, { error, at: clock.now() });
    const [oldest] = failures.keys();
    if (failures.size > mostFailures && oldest !== undefined) failures.delete(oldest);
    return { error };
  }

  function join(job: Job, names: readonly string[], { account, onTurn }: Asking): Promise<Resolution> {
    return new Promise((resolve) => {
      let timer: Timer | null = null;
      const waiter: Waiter = {
        onTurn() {
          timer?.cancel();
          onTurn?.();
        },
        settle(resolution) {
          timer?.cancel();
          job.waiters.delete(waiter);
          resolve(resolution);
        },
      };
      job.waiters.add(waiter);
      if (job.isUnderWay) {
        waiter.onTurn?.();
        return;
      }
      timer = clock.setTimer(() => giveUp(job, waiter), longestWaitMs);
      if (job.turns.has(account)) return;
      const turn: WaitingLookUp = { begin: (leave) => void work(job, account, names, leave) };
      job.turns.set(account, turn);
      shares.ask(account, turn);
    });
  }

  /** Its turn does not come: nobody else's fault, and not its endpoint's. */
  function giveUp(job: Job, waiter: Waiter): void {
    waiter.settle({ error: new LookupTurnError() });
    if (job.waiters.size > 0) return;
    for (const [asker, turn] of job.turns) shares.withdraw(asker, turn);
    jobs.delete(job.host);
  }

  return {
    close() {
      finding.servers.close();
      for (const job of [...jobs.values()]) {
        for (const waiter of [...job.waiters]) giveUp(job, waiter);
      }
    },
    async resolve(host, asking) {
      const candidates = candidatesOf(host, confFile.current());
      if ('invalid' in candidates) return { error: invalidName(host, candidates.invalid) };
      if ('addresses' in candidates) return found(candidates.addresses);
      const known = withoutAsking(host, candidates.names);
      if (known) return known;
      const key = host.toLowerCase();
      const job = jobs.get(key) ?? { host: key, turns: new Map(), waiters: new Set(), isUnderWay: false };
      if (!jobs.has(key) && shares.waiting(asking.account) >= mostWaiting)
        return { error: new LookupTurnError() };
      jobs.set(key, job);
      return await join(job, candidates.names, asking);
    },
  };
}

/** Which reason is told where several names were tried. */
function tells({ failure }: NotFound): number {
  if (failure === 'unknown') return 0;
  return failure === 'none' ? 2 : 1;
}

function found(addresses: readonly string[]): Resolution {
  const all = addresses.map((address): Address => ({ address, family: isIPv6(address) ? 6 : 4 }));
  const first = hasPublicIPv6() ? 6 : 4;
  return {
    addresses: [
      ...all.filter(({ family }) => family === first),
      ...all.filter(({ family }) => family !== first),
    ],
  };
}

let ipv6: { readonly has: boolean; readonly at: number } | null = null;

/** Whether the machine could call an IPv6 address: then these come first, as RFC 6724 has it. */
function hasPublicIPv6(): boolean {
  const now = performance.now();
  if (ipv6 && now - ipv6.at < 10_000) return ipv6.has;
  let has = ipv6?.has ?? false;
  try {
    has = Object.values(networkInterfaces())
      .flatMap((own) => own ?? [])
      .some(({ family, internal, address }) => family === 'IPv6' && !internal && /^[23]/.test(address));
  } catch {
    // No descriptor is free.
  }
  ipv6 = { has, at: now };
  return has;
}
