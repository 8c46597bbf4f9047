import type { Clock } from '../core/clock.ts';
import { canOpenFile } from '../core/open-files.ts';
import { type Shortage, shortages } from '../core/shortage.ts';

/** A shortage that is not known to be over. Instants are ms since the Unix epoch. */
export interface CurrentShortage {
  readonly of: Shortage;
  readonly since: number;
  readonly lastAt: number;
}

/** Knows what the machine is short of, counts it, and tells the operator once. */
export interface Shortages {
  /** Something could not be done for want of this. */
  met(of: Shortage): void;
  /** The latest one that was met within the last minute. */
  current(): CurrentShortage | null;
  /** How often each was met. */
  readonly counts: Readonly<Record<Shortage, number>>;
  /** Hears of it when the process cannot open a file, whoever took the last one. */
  onNoFiles(listener: () => void): void;
  close(): void;
}

export interface ShortagesOptions {
  readonly clock: Clock;
  readonly log: {
    warn(details: object, message: string): void;
    info(details: object, message: string): void;
  };
}

/** A shortage that is not met for so long is over. */
const overAfterMs = 60_000;
/** One that lasts is told again after this. */
const tellAgainMs = 10 * 60_000;
const lookEveryMs = 1_000;

const advice: Readonly<Record<Shortage, string>> = {
  files:
    'The process cannot open more files and connections, for callers or endpoints: raise its limit (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of Docker; for "ENFILE" fs.file-max), or lower HOOKWIRE_MAX_IN_FLIGHT.',
  ports:
    'Every local port towards an address is in use: widen net.ipv4.ip_local_port_range, or lower the rate or the concurrency of the webhooks that call it.',
  memory:
    'The kernel has no memory for more connections: give the machine more, raise net.ipv4.tcp_mem, or lower HOOKWIRE_MAX_IN_FLIGHT.',
  lookups:
    'Look-ups of an account’s names wait for too long, since its other names are not answered: see which webhooks fail with "dns", and where it is many accounts, look at the name servers of this machine.',
  way_out:
    'The egress proxy of HOOKWIRE_EGRESS_PROXY does not let the gateway out; `GET /v1/gateway` (`egress`) and the log say what it answers.',
};

/**
 * Also looks by itself, each second, whether a file can be opened (10 µs): callers whose connections cannot be accepted
 * for want of a descriptor are turned away by libuv without a word to anybody.
 */
export function createShortages({ clock, log }: ShortagesOptions): Shortages {
  const counts = Object.fromEntries(shortages.map((of) => [of, 0])) as Record<Shortage, number>;
  const noFiles: (() => void)[] = [];
  const known = new Map<Shortage, { since: number; lastAt: number; toldAt: number }>();

  function tell(of: Shortage): void {
    log.warn({ shortage: of }, `${advice[of]} Deliveries wait meanwhile; no attempt of theirs is used up.`);
  }

  function met(of: Shortage): void {
    const now = clock.now();
    counts[of]++;
    const one = known.get(of);
    if (one) {
      one.lastAt = now;
      if (now - one.toldAt < tellAgainMs) return;
      one.toldAt = now;
    } else known.set(of, { since: now, lastAt: now, toldAt: now });
    tell(of);
  }

  function forgetThoseOver(): void {
    const now = clock.now();
    for (const [of, { since, lastAt }] of known) {
      if (now - lastAt < overAfterMs) continue;
      known.delete(of);
      const lastedMs = lastAt - since;
      log.info({ shortage: of, lastedMs }, 'The machine has enough again of what it was short of.');
    }
  }

  // Not the gateway's clock: it watches the machine, also where a test plays the time.
  const looking = setInterval(() => {
    forgetThoseOver();
    if (canOpenFile()) return;
    met('files');
    for (const listener of noFiles) listener();
  }, lookEveryMs);
  looking.unref();

  return {
    met,
    counts,
    current() {
      forgetThoseOver();
      let latest: CurrentShortage | null = null;
      for (const [of, { since, lastAt }] of known) {
        if (latest === null || lastAt > latest.lastAt) latest = { of, since, lastAt };
      }
      return latest;
    },
    onNoFiles: (listener) => void noFiles.push(listener),
    close: () => clearInterval(looking),
  };
}
