import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../app-types.ts';

/** The connections of a server, and what is under way on them. */
export interface Connections {
  /** How many have been opened since the start. */
  readonly opened: number;
  /** From now on every answer closes its connection and says so, those under way included. */
  dismiss(): void;
  /** Resolves when each one that is open has a request under way, at the latest after `withinMs` of real time. */
  untilBusy(withinMs: number): Promise<void>;
  /** Resolves when each one that is open has sent something, at the latest after `withinMs` of real time. */
  untilHeard(withinMs: number): Promise<void>;
  /** Ends each one on which nothing was ever sent: a request that is half there is none of these. */
  endUnheard(): void;
  /** Resolves when none is open. */
  untilGone(): Promise<void>;
}

/** How often what is waited for is looked at. Real time, since clients have it too. */
const lookEveryMs = 10;

export function watchConnections({ server }: App): Connections {
  const open = new Set<Socket>();
  /** The answer that is under way on a connection; of several, the last. */
  const answers = new Map<Socket, ServerResponse>();
  let opened = 0;
  let dismissing = false;

  server.on('connection', (socket: Socket) => {
    opened++;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // Before Fastify's own listener, so that nothing has been answered yet.
  server.prependListener('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
    answers.set(socket, answer);
    answer.once('close', () => {
      if (answers.get(socket) === answer) answers.delete(socket);
    });
    if (dismissing) answer.setHeader('connection', 'close');
  });

  const isIdle = (socket: Socket): boolean => !answers.has(socket);
  const isUnheard = (socket: Socket): boolean => socket.bytesRead === 0;

  async function untilNone(matches: (socket: Socket) => boolean, withinMs: number): Promise<void> {
    const endsAt = performance.now() + withinMs;
    while ([...open].some(matches) && performance.now() < endsAt) await pause(lookEveryMs);
  }

  return {
    get opened() {
      return opened;
    },
    dismiss() {
      dismissing = true;
      for (const answer of answers.values()) {
        if (!answer.headersSent) answer.setHeader('connection', 'close');
      }
    },
    untilBusy: (withinMs) => untilNone(isIdle, withinMs),
    untilHeard: (withinMs) => untilNone(isUnheard, withinMs),
    endUnheard() {
      for (const socket of open) if (isUnheard(socket)) socket.destroy();
    },
    untilGone: () => untilNone(() => true, Number.POSITIVE_INFINITY),
  };
}
