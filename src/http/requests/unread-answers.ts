import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../core/clock.ts';

/** Answers that clients have not taken yet: how large they are, and an end to those of clients that take nothing. */
export interface UnreadAnswers {
  /** Counts an answer until it has left, and cuts the connection of a client that takes nothing of it for 30 s. */
  watch(response: ServerResponse, bytes: number): void;
  /** Of all that is watched and has not left. */
  readonly bytes: number;
}

const lookEveryMs = 15_000;
const stuckMs = 30_000;

/** @param onLess some have left */
export function createUnreadAnswers(clock: Clock, onLess: () => void): UnreadAnswers {
  let inAll = 0;

  return {
    watch(response, bytes) {
      const { socket } = response;
      if (!socket || socket.destroyed) return;
      inAll += bytes;
      let timer: Timer | null = null;
      let left = Number.POSITIVE_INFINITY;
      let movedAt = clock.now();

      function look(): void {
        const now = clock.now();
        const unsent = response.writableLength + (socket?.writableLength ?? 0);
        if (unsent < left) movedAt = now;
        left = unsent;
        if (now - movedAt >= stuckMs) socket?.destroy();
        else timer = clock.setTimer(look, lookEveryMs);
      }

      timer = clock.setTimer(look, lookEveryMs);
      let over = false;
      function end(): void {
        if (over) return;
        over = true;
        inAll -= bytes;
        timer?.cancel();
        onLess();
      }
      response.once('finish', end);
      response.once('close', end);
    },
    get bytes() {
      return inAll;
    },
  };
}
