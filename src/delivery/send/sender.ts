import type { Clock } from '../../core/clock.ts';
import type { Guard } from '../guard/guard.ts';
import { Channel } from './channel.ts';
import { createConnect } from './connector.ts';

export interface SenderOptions {
  readonly guard: Guard;
  readonly clock: Clock;
  /** How much of an answer's body is read. Default 65,536. */
  readonly maxResponseBytes?: number;
  /** How long a connection is kept that carries nothing. Default 60 s. */
  readonly idleMs?: number;
  /** Certificates (PEM) to trust instead of the public authorities. */
  readonly ca?: string | readonly string[];
}

/** Makes the channels over which requests go out; they share the guard and the TLS sessions. */
export interface Sender extends AsyncDisposable {
  /**
   * @param origin scheme, host and port, as in `RenderedRequest.origin`
   * @throws TypeError when `origin` is not a URL
   */
  open(origin: string, options: { readonly connections: number }): Channel;
  /** Closes every channel when its requests have ended. */
  close(): Promise<void>;
  /** Closes every channel now. */
  destroy(): Promise<void>;
}

export function createSender(options: SenderOptions): Sender {
  const { clock, maxResponseBytes = 65_536, idleMs = 60_000 } = options;
  const connect = createConnect(options);
  const channels = new Set<Channel>();

  async function destroy() {
    await Promise.all([...channels].map((channel) => channel.destroy()));
  }
  return {
    open(origin, { connections }) {
      const onClose = (closed: Channel) => channels.delete(closed);
      const channel = new Channel(origin, { clock, connect, maxResponseBytes, idleMs, connections, onClose });
      channels.add(channel);
      return channel;
    },
    async close() {
      await Promise.all([...channels].map((channel) => channel.close()));
    },
    destroy,
    [Symbol.asyncDispose]: destroy,
  };
}
