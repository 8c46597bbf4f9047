import type { buildConnector } from 'undici';
import type { ProxyNews } from '../core/proxy-news.ts';
import { operatorConnect } from '../delivery/names/operator-connect.ts';
import { createSending, type Sending, type SendingSettings } from '../delivery/sending.ts';
import { createEgressWatch, type EgressWatch } from '../telemetry/egress-watch.ts';
import { createRefusedHosts, type RefusedHosts } from '../telemetry/refused-hosts.ts';
import { createShortages, type Shortages } from '../telemetry/shortages.ts';
import type { Basics } from './basics.ts';
import type { Surroundings } from './read-surroundings.ts';

/** How connections are made, and who is told of those that cannot be. */
export interface EgressParts {
  /** For each thread that sends. */
  readonly sendingSettings: Omit<SendingSettings, 'shares'>;
  /** The main thread's, for tests of webhooks. */
  readonly sending: Sending;
  /** To what the operator runs: the collector of traces, the provider of sign-ins. */
  readonly connect: buildConnector.connector;
  readonly shortages: Shortages;
  readonly egressWatch: EgressWatch;
  readonly onHostRefused: RefusedHosts;
  readonly onProxyNews: (news: ProxyNews) => void;
}

export function buildEgress(
  { config, overrides, clock, log, parts }: Basics,
  { egress, inFlight }: Surroundings,
): EgressParts {
  const { proxy, ca } = egress;
  const shortages = createShortages({ clock, log });
  parts.defer(() => shortages.close());
  const egressWatch = createEgressWatch({ clock, log });
  const onHostRefused = createRefusedHosts({ clock, log });
  const { resolve } = overrides;
  const onShortage = shortages.met;
  const onProxyNews = egressWatch.heard;
  const sendingSettings = {
    allowNetworks: config.delivery.allowNetworks,
    insideDomains: config.delivery.insideDomains,
    names: config.names,
    mostConnections: inFlight.mostConnections,
    proxy,
    ca: ca ?? null,
  };
  const sending = createSending(
    { ...sendingSettings, shares: 1 },
    { clock, resolve, onRefused: onHostRefused, onShortage, onNews: onProxyNews },
  );
  parts.defer(() => sending.close());
  shortages.onNoFiles(sending.sender.closeIdle);
  const connect = operatorConnect({
    ...{ names: sending.names, clock, proxy, ca },
    ...{ onShortage, onNews: onProxyNews },
  });
  return { sendingSettings, sending, connect, shortages, egressWatch, onHostRefused, onProxyNews };
}
