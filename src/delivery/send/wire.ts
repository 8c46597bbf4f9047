import type { NoWayOutError } from '../egress/no-way-out-error.ts';

/**
 * A socket as a {@link Connection} uses it: `connect`, `secureConnect`, `end`, `error` and `close` are its events; what comes
 * goes to the `onread` that it was made with.
 */
export interface Wire {
  on(event: 'connect' | 'secureConnect' | 'end' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  write(text: string, encoding: 'latin1' | 'utf8'): unknown;
  destroy(): unknown;
  /** Bytes that were written and that the kernel has not taken yet. */
  readonly writableLength: number;
  /** Somebody's time is over: why, where the gateway's own proxy is at fault. */
  overdue?(): NoWayOutError | null;
}
