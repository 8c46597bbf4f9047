import type { Clock } from '../core/clock.ts';
import type { ProxyNews } from '../core/proxy-news.ts';
import type { Shortage } from '../core/shortage.ts';
import type { EgressProxy } from './egress/settings.ts';
import { createGuard, type Guard } from './guard/guard.ts';
import { createNames, type Names, type NamesOptions } from './names/names.ts';
import { type Resolve, standInNames } from './names/stand-in.ts';
import { createSender, type RequestSender } from './send/sender.ts';

/** How requests get out, as plain data, so that each thread that sends can be given it. */
export interface SendingSettings {
  readonly allowNetworks: readonly string[];
  readonly insideDomains: readonly string[];
  readonly names: Pick<NamesOptions, 'servers'>;
  /** Connections that may be open at once, idle ones too. */
  readonly mostConnections: number;
  /** Threads that share what look-ups may be under way. */
  readonly shares: number;
  /** The proxy that connections take; `null`: they are direct. */
  readonly proxy: EgressProxy | null;
  /** Certificates (PEM) to trust; `null`: the public authorities. */
  readonly ca: readonly string[] | null;
}

export interface SendingParts {
  readonly clock: Clock;
  /** Stands in for DNS. */
  readonly resolve?: Resolve | undefined;
  readonly onRefused: (host: string, reason: string) => void;
  readonly onShortage: (of: Shortage) => void;
  readonly onNews: (news: ProxyNews) => void;
}

/** All that a thread needs to call an endpoint: names, guard and connections of its own. */
export interface Sending {
  readonly names: Names;
  readonly guard: Guard;
  readonly sender: RequestSender;
  /** Closes every connection now, and ends look-ups. */
  close(): Promise<void>;
}

export function createSending(settings: SendingSettings, parts: SendingParts): Sending {
  const { clock, resolve, onRefused, onShortage, onNews } = parts;
  const names = resolve
    ? standInNames(resolve)
    : createNames({ clock, ...settings.names, threads: settings.shares });
  const { allowNetworks, insideDomains, mostConnections, proxy, ca } = settings;
  const guard = createGuard({ allowNetworks, insideDomains, onRefused, names });
  const sender = createSender({
    ...{ guard, clock, mostConnections, onShortage },
    ...(ca && { ca }),
    ...(proxy && { wayOut: { proxy, names, onNews } }),
  });
  return {
    names,
    guard,
    sender,
    async close() {
      await sender.destroy();
      names.close();
    },
  };
}
