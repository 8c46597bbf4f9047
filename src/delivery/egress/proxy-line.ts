import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import type { Clock } from '../../core/clock.ts';
import { shortageOf } from '../../core/shortage-of.ts';
import { lookupBy } from '../names/lookup.ts';
import { NameError } from '../names/name-error.ts';
import type { Names } from '../names/names.ts';
import { tlsFailure } from '../send/tls-failure.ts';
import type { ProxyWatch } from './proxy-watch.ts';
import { type EgressProxy, proxyUrl } from './settings.ts';

/** Connections with the proxy itself. */
export interface ProxyLine {
  /** Opens one, over TLS where the proxy speaks it. */
  reach(): Socket;
  /** The event by which it is open. */
  readonly reached: 'connect' | 'secureConnect';
  /** A header with its line end, or nothing. */
  readonly authorization: string;
  /** Asks the proxy something that it can answer by itself; `ProxyWatch.answered` hears of the answer. One at a time. */
  probe(): void;
  /** Why one could not be opened. */
  unreachable(error: Error): Error;
}

export interface ProxyLineOptions {
  readonly proxy: EgressProxy;
  readonly names: Pick<Names, 'resolve'>;
  readonly clock: Clock;
  readonly secureContext: SecureContext;
  readonly watch: ProxyWatch;
}

const probeMs = 3_000;

export function createProxyLine({ proxy, names, clock, secureContext, watch }: ProxyLineOptions): ProxyLine {
  const url = proxyUrl(proxy);
  const host = url.replace(/^.*\/\//, '');
  let isProbing = false;

  const line: ProxyLine = {
    reached: proxy.secure ? 'secureConnect' : 'connect',
    authorization: proxy.authorization === null ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`,
    reach() {
      const { hostname, port, secure } = proxy;
      const options = {
        ...{ host: hostname, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 },
        ...{ autoSelectFamily: true, lookup: lookupBy(names, { account: null }) },
      };
      if (!secure) return connectTcp(options);
      const servername = isIP(hostname) ? {} : { servername: hostname };
      return connectTls({ ...options, secureContext, ALPNProtocols: ['http/1.1'], ...servername });
    },
    probe() {
      if (isProbing) return;
      isProbing = true;
      // The process need not wait for it to end.
      const socket = line.reach().unref();
      const timer = clock.setTimer(() => socket.destroy(), probeMs);
      socket.on(line.reached, () => {
        // Also that it is no good request shows that the proxy is there.
        socket.write(`OPTIONS * HTTP/1.1\r\nHost: ${host}\r\n${line.authorization}Connection: close\r\n\r\n`);
      });
      socket.once('data', () => {
        watch.answered();
        socket.destroy();
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        timer.cancel();
        isProbing = false;
      });
    },
    unreachable(error) {
      if (shortageOf(error) !== null) return error;
      if (error instanceof NameError)
        return watch.fails(
          'unresolved',
          `The name of the egress proxy ${url} was not found: ${error.message}`,
        );
      const { code = '' } = error as NodeJS.ErrnoException;
      const tls = proxy.secure ? tlsFailure(code, error.message, proxy.hostname) : null;
      if (tls !== null) return watch.fails('tls', `No TLS with the egress proxy ${url}: ${tls}`);
      const why = code || error.message;
      return watch.fails('unreachable', `The egress proxy ${url} cannot be reached (${why}).`);
    },
  };
  return line;
}
