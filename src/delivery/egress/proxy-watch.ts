import type { Clock } from '../../core/clock.ts';
import type { ProxyNews, ProxyTrouble } from '../../core/proxy-news.ts';
import { NoWayOutError } from './no-way-out-error.ts';

/** Whose fault it is that the proxy opened no connection with an address. */
export type Blame = NoWayOutError | 'of_the_target';

/** Knows how the proxy does, and so whether a refusal is meant for one address or for all. */
export interface ProxyWatch {
  /** It answered something, whatever it was. */
  answered(): void;
  /** Something came through it. */
  worked(): void;
  /** When it last answered; ms since the Unix epoch. */
  readonly answeredAt: number;
  /** It does not work at all. */
  fails(trouble: ProxyTrouble, detail: string): NoWayOutError;
  /** @param status `null`: it closed the connection without a word */
  refused(address: string, status: number | null): Blame;
}

export interface ProxyWatchOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** The proxy as people are shown it. */
  readonly url: string;
  readonly onNews?: (news: ProxyNews) => void;
}

/** Something that came through lately shows that others are let out. */
const latelyMs = 60_000;
/** When nothing comes through, so many addresses that are refused mean that all are. */
const many = 5;
/** The same news are told so often at most; that it works, which changes nothing, more seldom. */
const tellAgainMs = { fails: 1_000, works: 5_000 } as const;

/** With these a proxy says that it could not reach the address (squid 503 and 504, tinyproxy 500, most others 502 and 504). */
const unreached: ReadonlySet<number | null> = new Set([500, 502, 503, 504]);

const itWorks: ProxyNews = { kind: 'works' };

export function createProxyWatch({ clock, url, onNews = () => {} }: ProxyWatchOptions): ProxyWatch {
  let answeredAt = Number.NEGATIVE_INFINITY;
  let workedAt = Number.NEGATIVE_INFINITY;
  /** Addresses that were refused since something came through. */
  const refused = new Set<string>();
  let told: { readonly what: string; readonly at: number } | null = null;

  function tell(news: ProxyNews): void {
    const now = clock.now();
    const what = news.kind === 'works' ? 'works' : news.detail;
    if (told?.what === what && Math.abs(now - told.at) < tellAgainMs[news.kind]) return;
    told = { what, at: now };
    onNews(news);
  }

  function fails(trouble: ProxyTrouble, detail: string): NoWayOutError {
    tell({ kind: 'fails', trouble, detail });
    return new NoWayOutError(detail);
  }

  return {
    get answeredAt() {
      return answeredAt;
    },
    answered() {
      answeredAt = clock.now();
    },
    worked() {
      workedAt = clock.now();
      if (refused.size > 0) refused.clear();
      tell(itWorks);
    },
    fails,
    refused(address, status) {
      // It wants fewer of ours, whoever they lead to.
      if (status === 429)
        return fails('refused', `The egress proxy ${url} answers 429: it wants fewer connections.`);
      if (refused.size < many) refused.add(address);
      const isNever = workedAt === Number.NEGATIVE_INFINITY && !unreached.has(status);
      const isAll = clock.now() - workedAt > latelyMs && refused.size >= many;
      if (!isNever && !isAll) return 'of_the_target';
      return status === null
        ? fails('closed', `The egress proxy ${url} closes connections without answering.`)
        : fails(
            'refused',
            `The egress proxy ${url} opens no connection: it answers ${status} to CONNECT. ${remedy(status)}`,
          );
    },
  };
}

function remedy(status: number): string {
  if (unreached.has(status)) return 'Look whether it reaches the internet.';
  return status === 403
    ? 'Its rules must let the gateway connect to addresses (not names), on the ports of the webhooks.'
    : 'Is it a proxy that takes CONNECT?';
}
