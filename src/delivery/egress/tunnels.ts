import { isIPv6, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Clock, Timer } from '../../core/clock.ts';
import type { ProxyNews } from '../../core/proxy-news.ts';
import { version } from '../../core/version.ts';
import type { Names } from '../names/names.ts';
import { type ConnectProblem, longestConnectAnswer, readConnectAnswer } from './connect-answer.ts';
import type { NoWayOutError } from './no-way-out-error.ts';
import { createProxyLine } from './proxy-line.ts';
import { createProxyWatch } from './proxy-watch.ts';
import { type EgressProxy, proxyUrl } from './settings.ts';

/** The proxy opened no connection with an address, which is the address's fault, or its rules'. */
export type TunnelRefusal =
  /** It could not reach it. */
  | 'unreachable'
  /** It waited for it in vain. */
  | 'late'
  /** It closed the connection. */
  | 'closed'
  /** It may not connect with it. */
  | 'barred';

export type TunnelEnd =
  | { readonly socket: Socket }
  | { readonly refusal: TunnelRefusal; readonly status: number | null }
  /** The gateway cannot get out, or is short of something. */
  | { readonly error: Error };

/** A tunnel that is being opened. */
export interface Opening {
  /** Ends it; `done` is not called any more. */
  destroy(): void;
  /** Somebody's time is over: why, where the proxy is at fault; `null` where the address may be. */
  overdue(): NoWayOutError | null;
  /** The process need not wait for it to end. */
  unref(): void;
}

/** Opens connections through the proxy. */
export interface Tunnels {
  /** @param address an IP address, so that the proxy looks up no name */
  open(address: string, port: number, done: (end: TunnelEnd) => void): Opening;
  /** Something came through one. */
  worked(): void;
}

export interface TunnelsOptions {
  readonly proxy: EgressProxy;
  readonly names: Pick<Names, 'resolve'>;
  readonly clock: Clock;
  /** Of TLS with the proxy itself. */
  readonly secureContext: SecureContext;
  readonly onNews?: (news: ProxyNews) => void;
}

/** When the proxy says nothing for so long it is asked whether it is there at all. */
const askAfterMs = 500;
const tryKnownMs = 3_000;
const tryKnownAgainMs = 10_000;

/**
 * Tunnels by `CONNECT` (RFC 9110, 9.3.6), also for plain HTTP: the proxy is told an address that the guard has vetted.
 *
 * ```text
 * reaching ──▸ asked ──▸ open
 *  (TCP, TLS     │
 *   with it)     ├── 407, garbage, …: the gateway has no way out
 *                └── 502, 504, 403, …: of the address, unless all are refused (`proxy-watch.ts`)
 * ```
 * A proxy that does not answer either hangs itself or waits for the address. So another connection asks it something that it
 * can answer by itself.
 */
export function createTunnels({ proxy, names, clock, secureContext, onNews }: TunnelsOptions): Tunnels {
  const url = proxyUrl(proxy);
  const watch = createProxyWatch({ clock, url, ...(onNews && { onNews }) });
  const line = createProxyLine({ proxy, names, clock, secureContext, watch });

  function refusalOf(status: number | null): TunnelRefusal {
    if (status === null) return 'closed';
    if (status === 504) return 'late';
    return status >= 500 ? 'unreachable' : 'barred';
  }

  /** An address that the proxy has let somebody out to. */
  let known: { readonly address: string; readonly port: number } | null = null;
  let triedKnownAt = Number.NEGATIVE_INFINITY;

  /** Where nobody has been let out for a while: perhaps nobody has asked but for addresses that are not there. */
  function tryKnown(): void {
    const now = clock.now();
    if (!known || Math.abs(now - triedKnownAt) < tryKnownAgainMs) return;
    triedKnownAt = now;
    const opening = tunnels.open(known.address, known.port, (end) => {
      timer.cancel();
      if ('socket' in end) end.socket.destroy();
    });
    opening.unref();
    const timer = clock.setTimer(() => opening.destroy(), tryKnownMs);
  }

  const tunnels: Tunnels = {
    worked: watch.worked,
    open(address, port, done) {
      const authority = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
      let state: 'reaching' | 'asked' | 'done' = 'reaching';
      let askedAt = 0;
      let received: Buffer = Buffer.alloc(0);
      let timer: Timer | null = null;
      const socket = line.reach();

      function finish(end: TunnelEnd): void {
        if (state === 'done') return;
        state = 'done';
        timer?.cancel();
        socket.removeListener('readable', read);
        if (!('socket' in end)) socket.destroy();
        done(end);
      }

      function refused(status: number | null): void {
        const blame = watch.refused(authority, status);
        finish(blame === 'of_the_target' ? { refusal: refusalOf(status), status } : { error: blame });
        if (blame !== 'of_the_target') tryKnown();
      }

      function ask(): void {
        if (state !== 'reaching') return;
        state = 'asked';
        askedAt = clock.now();
        timer = clock.setTimer(() => {
          if (watch.answeredAt < askedAt) line.probe();
        }, askAfterMs);
        socket.write(
          `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nUser-Agent: Hookwire/${version}\r\n${line.authorization}\r\n`,
        );
      }

      function read(): void {
        while (state === 'asked') {
          const bytes: Buffer | null = socket.read();
          if (bytes === null) return;
          take(bytes);
        }
      }

      function take(bytes: Buffer): void {
        received = Buffer.concat([received, bytes]);
        const answer = readConnectAnswer(received);
        if (answer === 'more') return;
        watch.answered();
        if ('problem' in answer)
          finish({
            error: watch.fails('invalid', `The egress proxy ${url} ${problemWords[answer.problem]}`),
          });
        else if (answer.status === 407 || answer.status === 401)
          finish({
            error: watch.fails(
              'authentication',
              `The egress proxy ${url} ${wantsWords(proxy, answer.schemes)} (${answer.status}).`,
            ),
          });
        else if (answer.status > 299) refused(answer.status);
        else {
          watch.worked();
          known = { address, port };
          const early = received.subarray(answer.end);
          socket.removeListener('readable', read);
          if (early.length > 0) socket.unshift(early);
          finish({ socket });
        }
      }

      socket.on(line.reached, ask);
      socket.on('readable', read);
      socket.on('error', (error) => {
        if (state === 'reaching') finish({ error: line.unreachable(error) });
        else if (state === 'asked') refused(null);
      });
      socket.on('end', () => {
        if (state === 'asked') refused(null);
      });
      socket.on('close', () => {
        if (state === 'reaching') finish({ error: line.unreachable(new Error('it closed the connection')) });
        else if (state === 'asked') refused(null);
      });
      return {
        destroy() {
          if (state === 'done') return;
          state = 'done';
          timer?.cancel();
          socket.destroy();
        },
        unref: () => void socket.unref(),
        overdue() {
          if (state === 'reaching')
            return watch.fails('unreachable', `The egress proxy ${url} accepts no connection in time.`);
          if (state !== 'asked') return null;
          if (received.length > 0)
            return watch.fails('silent', `The egress proxy ${url} began to answer CONNECT and did not end.`);
          return watch.answeredAt < askedAt
            ? watch.fails('silent', `The egress proxy ${url} accepts connections and does not answer.`)
            : null;
        },
      };
    },
  };
  return tunnels;
}

const problemWords: Readonly<Record<ConnectProblem, string>> = {
  page: 'answers CONNECT with a page, as a web server does: is it a proxy that takes CONNECT?',
  not_http: 'answers CONNECT with something that is not HTTP/1.1.',
  too_long: `answers CONNECT with more than ${longestConnectAnswer / 1024} KiB of headers.`,
};

function wantsWords({ authorization }: EgressProxy, schemes: readonly string[]): string {
  if (authorization === null) return 'wants a user and a password: name them in HOOKWIRE_EGRESS_PROXY';
  const isBasic = schemes.length === 0 || schemes.some((scheme) => /^basic$/i.test(scheme));
  return isBasic
    ? 'does not take the user and password of HOOKWIRE_EGRESS_PROXY'
    : `wants authentication by ${schemes.map((scheme) => scheme.slice(0, 40)).join(', ')}, and the gateway can only do Basic`;
}
