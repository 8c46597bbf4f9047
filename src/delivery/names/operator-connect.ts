import { createSecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import type { Clock } from '../../core/clock.ts';
import type { ProxyNews } from '../../core/proxy-news.ts';
import type { Shortage } from '../../core/shortage.ts';
import { shortageOf } from '../../core/shortage-of.ts';
import { createExceptions } from '../egress/exceptions.ts';
import type { EgressProxy } from '../egress/settings.ts';
import { createTunnels, type TunnelEnd, type Tunnels } from '../egress/tunnels.ts';
import { lookupBy } from './lookup.ts';
import type { Address, Names } from './names.ts';

export interface OperatorConnectOptions {
  readonly names: Pick<Names, 'resolve'>;
  readonly clock: Clock;
  /** The machine had too little of this for a connection. */
  readonly onShortage: (of: Shortage) => void;
  /** The proxy that connections take; `null`: they are direct. */
  readonly proxy?: EgressProxy | null;
  readonly onNews?: (news: ProxyNews) => void;
  /** Certificates (PEM) to trust; without: the public authorities. */
  readonly ca?: readonly string[] | undefined;
}

const connectTimeoutMs = 10_000;

/**
 * How undici connects with what the operator runs (a collector of traces, a provider of sign-ins): names are found by the
 * gateway's own resolver, and no guard stands before it. The egress proxy is taken as for webhooks.
 */
export function operatorConnect(options: OperatorConnectOptions): buildConnector.connector {
  const { names, clock, onShortage, proxy = null, ca, onNews } = options;
  const secureContext = ca || proxy ? createSecureContext(ca ? { ca: [...ca] } : {}) : undefined;
  const lookup = lookupBy(names, { account: null });
  const direct = buildConnector({
    ...{ lookup, autoSelectFamily: true, timeout: connectTimeoutMs },
    ...(secureContext && { secureContext }),
  });
  const tunnels =
    proxy &&
    secureContext &&
    createTunnels({ proxy, names, clock, secureContext, ...(onNews && { onNews }) });
  const exceptions = createExceptions(proxy?.except ?? []);

  async function through(
    proxied: Tunnels,
    target: buildConnector.Options,
    callback: buildConnector.Callback,
  ): Promise<void> {
    const found = await names.resolve(bare(target.hostname), { account: null });
    if ('error' in found) callback(found.error, null);
    else if (found.addresses.some(({ address }) => exceptions.address(address))) direct(target, callback);
    else {
      const end = await open(proxied, found.addresses, portOf(target), clock);
      if ('error' in end) callback(end.error, null);
      else if ('refusal' in end)
        callback(new Error(`The egress proxy opened no connection with ${target.hostname}.`), null);
      else if (target.protocol === 'https:') direct({ ...target, httpSocket: end.socket }, callback);
      else callback(null, end.socket);
    }
  }

  return (target, callback) => {
    const done = (...[error, socket]: Parameters<buildConnector.Callback>): void => {
      const shortage = error && shortageOf(error);
      if (shortage) onShortage(shortage);
      if (error) callback(error, null);
      else callback(null, socket);
    };
    if (!tunnels || exceptions.name(target.hostname)) direct(target, done);
    else void through(tunnels, target, done);
  };
}

/** A tunnel to the first of the addresses that the proxy can reach. */
async function open(
  tunnels: Tunnels,
  addresses: readonly Address[],
  port: number,
  clock: Clock,
): Promise<TunnelEnd> {
  let last: TunnelEnd = { error: new Error('It has no address.') };
  for (const { address } of addresses) {
    last = await new Promise<TunnelEnd>((resolve) => {
      const timer = clock.setTimer(() => {
        const error = opening.overdue() ?? new Error(`${address} did not accept a connection in time.`);
        opening.destroy();
        resolve({ error });
      }, connectTimeoutMs);
      const opening = tunnels.open(address, port, (end) => {
        timer.cancel();
        resolve(end);
      });
    });
    if (!('refusal' in last)) return last;
  }
  return last;
}

function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function portOf({ port, protocol }: buildConnector.Options): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
