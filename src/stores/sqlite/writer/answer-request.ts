import type { DatabaseSync } from 'node:sqlite';
import type { WriteTurns } from '../thread/write-turns.ts';
import { createBringBack } from './bring-back.ts';
import { unpackAttempts, unpackEvents } from './columns.ts';
import { createCommit } from './commit.ts';
import type { EventIndex } from './event-index.ts';
import { createLoads } from './load.ts';
import { createProbe } from './probe.ts';
import type { CommitAnswer, WriterAnswers, WriterRequest } from './protocol.ts';
import { createRequeueMany } from './requeue.ts';
import type { AttemptRow, EventRow } from './row-types.ts';

/** Stores events with their deliveries, and attempts with their effect, in one transaction. */
export type Commit = (
  events: readonly EventRow[],
  attempts: readonly AttemptRow[],
  acceptedAt: number | null,
) => CommitAnswer;

/**
 * Does what the main thread and couriers ask of the writer, one request after another.
 * @param around what is to happen with a commit besides
 */
export function createAnswerRequest(
  db: DatabaseSync,
  index: EventIndex,
  turns: WriteTurns,
  around: (commit: Commit) => Commit = (commit) => commit,
): (request: Exclude<WriterRequest, { kind: 'close' }>) => WriterAnswers[keyof WriterAnswers] {
  const store = createCommit(db, index);
  const commit = around((events, attempts, acceptedAt) =>
    turns.run(() => store(events, attempts, acceptedAt)),
  );
  const loads = createLoads(db);
  const requeueMany = createRequeueMany(db);
  const probe = createProbe(db);
  const bringBack = createBringBack(db);

  return (request) => {
    switch (request.kind) {
      case 'commit':
        return commit(unpackEvents(request.events), unpackAttempts(request.attempts), request.acceptedAt);
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
