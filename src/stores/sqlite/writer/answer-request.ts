import type { DatabaseSync } from 'node:sqlite';
import type { WriteTurns } from '../thread/write-turns.ts';
import { createBringBack } from './bring-back.ts';
import { unpackEvents } from './columns.ts';
import { createLoads } from './load.ts';
import { createProbe } from './probe.ts';
import type { Question, WriterAnswers } from './protocol.ts';
import { createRequeueMany } from './requeue.ts';
import type { EventRow } from './row-types.ts';

/**
 * Answers what the main thread and couriers ask of the writer, one question after another.
 * @param commitEvents stores events, with what is to be in the same commit
 */
export function createAnswerRequest(
  db: DatabaseSync,
  turns: WriteTurns,
  commitEvents: (events: readonly EventRow[], acceptedAt: number | null) => WriterAnswers['commit'],
): (request: Question) => WriterAnswers[keyof WriterAnswers] {
  const loads = createLoads(db);
  const requeueMany = createRequeueMany(db);
  const probe = createProbe(db);
  const bringBack = createBringBack(db);

  return (request) => {
    switch (request.kind) {
      case 'commit':
        return commitEvents(unpackEvents(request.events), request.acceptedAt);
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
