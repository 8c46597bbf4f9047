import type { DatabaseSync } from 'node:sqlite';
import type { WriteTurns } from '../thread/write-turns.ts';
import { createBringBack } from './bring-back.ts';
import { unpackEvents } from './columns.ts';
import { createCommit } from './commit.ts';
import type { EventIndex } from './event-index.ts';
import { createLoads } from './load.ts';
import { createProbe } from './probe.ts';
import type { CommitAnswer, Question, WriterAnswers } from './protocol.ts';
import { createRequeueMany } from './requeue.ts';
import type { AttemptRow, EventRow } from './row-types.ts';

/** Stores events with their deliveries, and attempts with their effect, in one transaction. */
export type Commit = (
  events: readonly EventRow[],
  attempts: readonly AttemptRow[],
  acceptedAt: number | null,
) => CommitAnswer;

/**
 * Answers what the main thread and couriers ask of the writer, one question after another.
 * @param commitEvents stores events by `store`, with what is to be in the same commit
 */
export function createAnswerRequest(
  db: DatabaseSync,
  index: EventIndex,
  turns: WriteTurns,
  commitEvents: (
    store: Commit,
    events: readonly EventRow[],
    acceptedAt: number | null,
  ) => WriterAnswers['commit'],
): (request: Question) => WriterAnswers[keyof WriterAnswers] {
  const commit = createCommit(db, index);
  const store: Commit = (events, attempts, acceptedAt) =>
    turns.run(() => commit(events, attempts, acceptedAt));
  const loads = createLoads(db);
  const requeueMany = createRequeueMany(db);
  const probe = createProbe(db);
  const bringBack = createBringBack(db);

  return (request) => {
    switch (request.kind) {
      case 'commit':
        return commitEvents(store, unpackEvents(request.events), request.acceptedAt);
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
