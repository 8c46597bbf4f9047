import type { Clock } from '../core/clock.ts';
import type { ProxyNews, ProxyTrouble } from '../core/proxy-news.ts';

/** How the proxy does that the gateway gets out by. Instants are ms since the Unix epoch. */
export interface ProxyHealth {
  /** `unused`: nothing has gone through it yet. */
  readonly state: 'unused' | 'works' | 'fails';
  /** When something last came through it. */
  readonly workedAt: number | null;
  /** What is wrong, while it fails. */
  readonly trouble: {
    readonly class: ProxyTrouble;
    readonly detail: string;
    readonly since: number;
    readonly lastAt: number;
  } | null;
}

/** Keeps what is heard of the egress proxy, and tells the operator. */
export interface EgressWatch {
  heard(news: ProxyNews): void;
  current(): ProxyHealth;
}

export interface EgressWatchOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: {
    warn(details: object, message: string): void;
    info(details: object, message: string): void;
  };
}

/** A trouble that lasts is told again after this. */
const tellAgainMs = 10 * 60_000;

export function createEgressWatch({ clock, log }: EgressWatchOptions): EgressWatch {
  let workedAt: number | null = null;
  let trouble: ProxyHealth['trouble'] = null;
  let told: { readonly detail: string; readonly at: number } | null = null;

  return {
    heard(news) {
      const now = clock.now();
      if (news.kind === 'works') {
        workedAt = now;
        if (trouble)
          log.info({ lastedMs: now - trouble.since }, 'The egress proxy lets the gateway out again.');
        trouble = null;
        told = null;
        return;
      }
      const { trouble: kind, detail } = news;
      trouble = { class: kind, detail, since: trouble?.since ?? now, lastAt: now };
      if (told?.detail === detail && now - told.at < tellAgainMs) return;
      told = { detail, at: now };
      log.warn({ egress: kind }, `${detail} Deliveries wait meanwhile; no attempt of theirs is used up.`);
    },
    current: () => ({
      state: trouble ? 'fails' : workedAt === null ? 'unused' : 'works',
      workedAt,
      trouble,
    }),
  };
}
