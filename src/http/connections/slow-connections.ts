import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Held } from './held-connection.ts';

/**
 * Ends what is too slow to be meant: bodies that trickle, answers that nobody reads. Headers, idle connections and whole
 * requests have their deadlines in Node's server (`headersTimeout`, `keepAliveTimeout`, `requestTimeout`).
 */
export interface Slowness {
  watch(server: Server): void;
  close(): void;
}

/** Time that only goes forward, whatever the machine's clock is set to: clients have no other. */
export interface ConnectionTime {
  /** ms. */
  now(): number;
  /** @returns ends it */
  every(ms: number, act: () => void): () => void;
}

export const realTime: ConnectionTime = {
  now: () => performance.now(),
  every(ms, act) {
    const timer = setInterval(act, ms);
    // It keeps no process up.
    timer.unref();
    return () => clearInterval(timer);
  },
};

export interface SlownessOptions {
  readonly held: ReadonlyMap<Socket, Held>;
  readonly time: ConnectionTime;
  /** A request's body has not come in its time. */
  readonly late: (connection: Held) => void;
}

/** What a body may take before it counts how fast it comes; then a byte may take a millisecond on average. */
const bodyGraceMs = 10_000;
const bodyBytesPerMs = 1;
/** The same for an answer: a list of 4 MiB may take 5 minutes. */
const answerGraceMs = 30_000;
const answerBytesPerMs = 16;
const lookEveryMs = 1_000;

/** A refused connection that asks nothing. */
const refusedMs = 5_000;

export function createSlowness({ held, time, late }: SlownessOptions): Slowness {
  const { now } = time;
  let stop: (() => void) | null = null;

  function look(): void {
    for (const connection of held.values()) {
      if (connection.refusal && connection.answers === 0 && isOver(connection.idleSince, refusedMs)) {
        connection.socket.destroy();
      } else if (isBodyLate(connection)) late(connection);
      else if (isAnswerLeft(connection)) connection.socket.destroy();
    }
  }

  function isOver(since: number | null, ms: number): boolean {
    return since !== null && now() - since >= ms;
  }

  function isBodyLate({ request, socket }: Held): boolean {
    if (!request || request.message.complete) return false;
    const came = socket.bytesRead - request.bytesBefore;
    return isOver(request.at, bodyGraceMs + came / bodyBytesPerMs);
  }

  /** An answer that is written whole stays in memory until the client has read it. */
  function isAnswerLeft(connection: Held): boolean {
    const { answer, socket } = connection;
    if (!answer?.writableEnded || answer.writableFinished) return false;
    connection.leaving ??= { answer, at: now(), bytes: socket.writableLength };
    const { at, bytes } = connection.leaving;
    return isOver(at, answerGraceMs + bytes / answerBytesPerMs);
  }

  return {
    watch(server) {
      stop = time.every(lookEveryMs, look);
      // Nothing came and nothing left for as long: Node asks what to make of it.
      server.setTimeout(answerGraceMs);
      server.on('timeout', (socket: Socket) => {
        const connection = held.get(socket);
        // The gateway itself is at work, or has nothing to say on a stream.
        if (connection && connection.answers > 0 && socket.writableLength === 0)
          socket.setTimeout(answerGraceMs);
        else socket.destroy();
      });
    },
    close: () => stop?.(),
  };
}
