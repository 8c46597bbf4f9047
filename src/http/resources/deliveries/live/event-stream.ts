import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../../../core/clock.ts';

/**
 * One client of Server-Sent Events.
 *
 * ```text
 * send ──▸ gathered (≤ 128 KiB) ──50 ms──▸ written, once the batch before has left (≤ 128 KiB)
 *             │ full                          │ has not left for 30 s
 *             ▼                               ▼
 *          skipped and counted,            disconnected
 *          the client is told how many
 * ```
 * So a client holds at most 256 KiB, gets at most 2.5 MB/s, and a slow one sees gaps that are counted instead of
 * holding anybody up.
 */
export interface EventStream {
  /** Sends one event; `encode` is called only if there is room for it. */
  send(encode: () => string): void;
  /** So many were left out before they came here: the client is told how many. */
  skip(count: number): void;
  /** Tells the client why, and closes the connection. */
  end(reason: string): void;
}

export interface EventStreamOptions {
  readonly clock: Clock;
  /** Called every 15 s while the client is there. */
  readonly onHeartbeat: () => void;
  /** The connection is gone, whoever ended it; called once, at once where it was gone before. */
  readonly onClose: () => void;
}

const gatherMs = 50;
const mostGathered = 128 * 1024;
/** A client that was skipping goes on when it has caught up so far; else every other event would be a gap. */
const goOnBelow = mostGathered / 2;
const heartbeatMs = 15_000;
const stuckMs = 30_000;
const endMs = 1_000;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would gather the stream before it passes it on.
  'x-accel-buffering': 'no',
  // Nothing follows on this connection, so a stopping gateway need not wait for it.
  connection: 'close',
};

/** @param data written as it is: JSON without line breaks */
export function eventFrame(name: string, data: string): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}

/** Answers with a stream of events. */
export function openEventStream(response: ServerResponse, options: EventStreamOptions): EventStream {
  const { clock } = options;
  let gathered: string[] = [];
  let gatheredLength = 0;
  let skipped = 0;
  /** Since when a batch waits for the client; `null`: all has left. */
  let blockedSince: number | null = null;
  let gathering: Timer | null = null;
  let heartbeat: Timer | null = null;
  let ending: Timer | null = null;
  let over = false;
  let gone = false;

  function add(frame: string): void {
    gathered.push(frame);
    gatheredLength += frame.length;
    gathering ??= clock.setTimer(flush, gatherMs);
  }

  function flush(): void {
    gathering?.cancel();
    gathering = null;
    if (over || blockedSince !== null) return;
    const batch = gathered.join('');
    gathered = [];
    gatheredLength = 0;
    if (skipped > 0) reportSkipped();
    if (batch !== '' && !response.write(batch)) blockedSince = clock.now();
  }

  function reportSkipped(): void {
    add(eventFrame('skipped', JSON.stringify({ count: skipped })));
    skipped = 0;
  }

  function beat(): void {
    const isStuck = blockedSince !== null && clock.now() - blockedSince >= stuckMs;
    if (isStuck || isGone()) {
      leave();
      return;
    }
    if (blockedSince === null && gatheredLength === 0) response.write(':\n\n');
    heartbeat = clock.setTimer(beat, heartbeatMs);
    options.onHeartbeat();
  }

  function stop(): void {
    over = true;
    gathering?.cancel();
    heartbeat?.cancel();
  }

  /** Looked at where `close` may have come before anybody listened: a client can leave while its key is looked up. */
  function isGone(): boolean {
    return response.destroyed || response.req.socket.destroyed;
  }

  function leave(): void {
    if (gone) return;
    gone = true;
    stop();
    ending?.cancel();
    response.destroy();
    options.onClose();
  }

  const stream: EventStream = {
    send(encode) {
      if (over) return;
      if (gatheredLength > (skipped > 0 ? goOnBelow : mostGathered)) {
        skipped++;
        return;
      }
      if (skipped > 0) reportSkipped();
      add(encode());
    },
    skip(count) {
      if (over) return;
      skipped += count;
      gathering ??= clock.setTimer(flush, gatherMs);
    },
    end(reason) {
      if (over) return;
      flush();
      stop();
      response.end(eventFrame('closed', JSON.stringify({ reason })));
      // A client that takes nothing must not hold up whoever waits for the end of its connection.
      ending = clock.setTimer(leave, endMs);
    },
  };

  response.on('error', leave);
  if (isGone()) {
    leave();
    return stream;
  }
  response.writeHead(200, headers);
  response.write('retry: 2000\n\n');
  response.on('drain', () => {
    blockedSince = null;
    flush();
  });
  response.on('close', leave);
  heartbeat = clock.setTimer(beat, heartbeatMs);
  return stream;
}
