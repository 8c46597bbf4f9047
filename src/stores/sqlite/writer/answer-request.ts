import type { DatabaseSync } from 'node:sqlite';
import type { WriteTurns } from '../thread/write-turns.ts';
import { createBringBack } from './bring-back.ts';
import { unpackAttempts, unpackEvents } from './columns.ts';
import { createCommit } from './commit.ts';
import type { EventIndex } from './event-index.ts';
import { createLoads } from './load.ts';
import { createProbe } from './probe.ts';
import type { WriterAnswers, WriterRequest } from './protocol.ts';
import { createRequeueMany } from './requeue.ts';

/** Does what the main thread asks of the writer, one request after another. */
export function createAnswerRequest(
  db: DatabaseSync,
  index: EventIndex,
  turns: WriteTurns,
): (request: Exclude<WriterRequest, { kind: 'close' }>) => WriterAnswers[keyof WriterAnswers] {
  const commit = createCommit(db, index);
  const loads = createLoads(db);
  const requeueMany = createRequeueMany(db);
  const probe = createProbe(db);
  const bringBack = createBringBack(db);

  return (request) => {
    switch (request.kind) {
      case 'commit':
        return turns.run(() =>
          commit(unpackEvents(request.events), unpackAttempts(request.attempts), request.acceptedAt),
        );
      case 'loadPending':
        return loads.pending(request);
      case 'loadRetries':
        return loads.retries(request.webhookId, request.now, request.limit);
      case 'waiting':
        return loads.waiting();
      case 'requeueMany':
        return turns.run(() => requeueMany(request));
      case 'bringBack':
        return turns.run(() => bringBack(request));
      case 'probe':
        turns.run(probe);
        return null;
      case 'skipWaiting':
        return turns.run(() => loads.skipWaiting(request.webhookId, request.reason, request.now));
    }
  };
}
