import type { Clock } from '../core/clock.ts';

/** Tells the operator which host was refused, and what it resolved to: accounts do not get to read it. */
export type RefusedHosts = (host: string, reason: string) => void;

interface RefusedHostsParts {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: { info(details: object, message: string): void };
}

const everyMs = 60 * 60 * 1000;
const mostRemembered = 1_000;

/** One line an hour for a host and a reason; of more hosts than are remembered none, until the hour is over. */
export function createRefusedHosts({ clock, log }: RefusedHostsParts): RefusedHosts {
  const told = new Set<string>();
  let until = 0;

  return (host, reason) => {
    const now = clock.now();
    if (now >= until) {
      told.clear();
      until = now + everyMs;
    }
    const key = `${host} ${reason}`;
    if (told.has(key) || told.size >= mostRemembered) return;
    told.add(key);
    log.info({ host, reason }, 'The host of a webhook may not be called.');
  };
}
