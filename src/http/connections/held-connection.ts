import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HookwireError } from '../../core/errors.ts';

/** One open connection. Times are ms of a clock that only goes forward. */
export interface Held {
  readonly socket: Socket;
  readonly peers: Peers;
  /** The latest request whose body may still be coming. */
  request: { readonly message: IncomingMessage; readonly at: number; readonly bytesBefore: number } | null;
  /** The answers that have not left. */
  answers: number;
  /** The latest of them, once it is written; it leaves as fast as the client reads. */
  leaving: { readonly answer: ServerResponse; readonly at: number; readonly bytes: number } | null;
  answer: ServerResponse | null;
  /** Since when it is idle; `null`: a request is under way. */
  idleSince: number | null;
  refusal: HookwireError | null;
}

/** The connections of one address. */
export interface Peers {
  readonly standsForMany: boolean;
  readonly network: string;
  open: number;
  /** Those that are served and idle, the longest first. */
  readonly idle: Set<Held>;
}
