import type { Clock } from '../../core/clock.ts';
import type { Shortage } from '../../core/shortage.ts';
import type { Guard } from '../guard/guard.ts';
import { Channel } from './channel.ts';
import { createConnect, type WayOut } from './connect.ts';
import { createIdleConnections } from './idle-connections.ts';

export interface SenderOptions {
  readonly guard: Guard;
  readonly clock: Clock;
  /** The proxy that connections take; without: they are direct. */
  readonly wayOut?: WayOut;
  /** How much of an answer's body is read. Default 65,536. */
  readonly maxResponseBytes?: number;
  /** How long a connection is kept that carries nothing. Default 60 s. */
  readonly idleMs?: number;
  /** How many connections may be open before those that carry nothing give way. Default: any number. */
  readonly mostConnections?: number;
  /** The machine had too little of this for a request; what carried nothing has been closed. */
  readonly onShortage?: (of: Shortage) => void;
  /** Certificates (PEM) to trust instead of the public authorities. */
  readonly ca?: string | readonly string[];
}

/** Makes the channels over which requests go out; they share the guard and the TLS sessions. */
export interface RequestSender extends AsyncDisposable {
  /**
   * @param options `account`: whose it is; without, the gateway's own
   * @param origin scheme, host and port, as in `RenderedRequest.origin`
   * @throws TypeError when `origin` is not a URL
   */
  open(origin: string, options: { readonly connections: number; readonly account?: string }): Channel;
  /** Closes every connection that carries nothing. */
  closeIdle(): void;
  /** Closes every channel when its requests have ended. */
  close(): Promise<void>;
  /** Closes every channel now. */
  destroy(): Promise<void>;
}

export function createSender(options: SenderOptions): RequestSender {
  const { clock, maxResponseBytes = 65_536, idleMs = 60_000 } = options;
  const connect = createConnect(options);
  const channels = new Set<Channel>();
  const idle = createIdleConnections(options.mostConnections ?? Number.POSITIVE_INFINITY);

  function onShortage(of: Shortage): void {
    // A new way out is hard to have; those that are open still work.
    if (of !== 'way_out') idle.closeAll();
    options.onShortage?.(of);
  }

  const sweeping = setInterval(() => idle.sweep(performance.now()), Math.max(5, Math.min(idleMs / 4, 1000)));
  sweeping.unref();

  async function destroy() {
    clearInterval(sweeping);
    await Promise.all([...channels].map((channel) => channel.destroy()));
  }
  return {
    open(origin, { connections, account = null }) {
      const onClose = (closed: Channel) => channels.delete(closed);
      const channel = new Channel(origin, {
        ...{ clock, connect, maxResponseBytes, idleMs, connections, account },
        ...{ idle, onShortage, onClose },
      });
      channels.add(channel);
      return channel;
    },
    closeIdle: idle.closeAll,
    async close() {
      clearInterval(sweeping);
      await Promise.all([...channels].map((channel) => channel.close()));
    },
    destroy,
    [Symbol.asyncDispose]: destroy,
  };
}
