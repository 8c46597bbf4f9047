import type { DatabaseSync } from 'node:sqlite';
import type { Port } from '../../../core/threads/connection.ts';
import type { AttemptRow, NewEventRow } from '../../log/row-types.ts';
import { createDeleteEvents } from '../erasure/delete-events.ts';
import { createEraseEvents } from '../erasure/erase-events.ts';
import { createForgetEvents } from '../erasure/forget-events.ts';
import { createCutter } from '../retention/cutter.ts';
import { type Patience, untroubled } from '../thread/patience.ts';
import type { WriteTurns } from '../thread/write-turns.ts';
import type { AskedCommits } from './asked-commits.ts';
import { createBringBack } from './bring-back.ts';
import { unpackEvents } from './columns.ts';
import { createCommit } from './commit.ts';
import { createCourierPorts, type TakenAttempts } from './courier-ports.ts';
import { createEventIndex } from './event-index.ts';
import { createFanOuts } from './fan-outs.ts';
import type { CommitAnswer, Stored, WriterCalls } from './protocol.ts';
import { createStoreCalls } from './store-calls.ts';

/** All that the writer thread does, whatever thread it is in. What couriers asked before the main thread did comes first. */
export interface Writer
  extends Pick<
    WriterCalls,
    'commit' | 'bringBack' | 'eraseEvents' | 'deleteEvents' | 'probe' | 'keep' | 'cut'
  > {
  /** Commits what couriers recorded. */
  close(): void;
}

export interface WriterOptions {
  readonly turns: WriteTurns;
  /** What the main thread has asked for by now. */
  readonly asked: Pick<AskedCommits, 'count'>;
  /** The writer's ends of the couriers' ports. */
  readonly couriers: readonly Port[];
  /** A commit of attempts alone failed. */
  readonly onRefused: (error: unknown) => void;
}

/** For so long after a commit the next is expected soon. */
const busyMs = 250;
/** What is erased in one transaction takes so long then: the next commit waits for the disk to have it too. */
const busyPieceMs = 2;

export function createWriter(db: DatabaseSync, { turns, asked, couriers, onRefused }: WriterOptions): Writer {
  const fanOuts = createFanOuts(db);
  const commit = createCommit(db, createEventIndex(db), fanOuts);
  const bringBack = createBringBack(db);
  const forget = createForgetEvents(db);
  const eraseEvents = createEraseEvents(db, forget);
  const deleteEvents = createDeleteEvents(db, forget);
  const calls = createStoreCalls(db, turns);
  const cutter = createCutter(db);
  let writtenAt = Number.NEGATIVE_INFINITY;
  const ports = createCourierPorts(couriers, {
    commitAttempts() {
      try {
        commitEvents([], null, []);
      } catch (error) {
        onRefused(error);
      }
    },
    calls,
  });

  try {
    // Couriers look for what waits when it is there.
    storeOwed(() => {});
  } catch {
    // The next commit does it, and tells of the trouble.
  }

  const isBusy = (): boolean => performance.now() - writtenAt < busyMs;

  /** @param commitsAsked before what is to be patient */
  function patience(commitsAsked: number): Patience {
    const mostMs = isBusy() ? busyPieceMs : untroubled.mostMs;
    return { mostMs, isAwaited: () => asked.count !== commitsAsked };
  }

  /** What callers were told had failed, or a former process left undone, comes before anything that was accepted later. */
  function storeOwed(tell: (row: NewEventRow, answer: CommitAnswer) => void): void {
    for (let row = fanOuts.owed(); row; row = fanOuts.owed()) tell(row, store([row], [], null));
  }

  function store(
    events: readonly NewEventRow[],
    attempts: readonly AttemptRow[],
    acceptedAt: number | null,
  ): CommitAnswer {
    const answer = turns.run(() => commit(events, attempts, acceptedAt));
    fanOuts.stored(events, answer.events);
    writtenAt = performance.now();
    return answer;
  }

  /** A commit takes along what couriers recorded, and they are told of it. */
  function commitEvents(
    asked: readonly NewEventRow[],
    acceptedAt: number | null,
    givenUp: readonly number[],
  ): Stored {
    fanOuts.giveUp(givenUp);
    const taken = ports.take(asked.length);
    try {
      storeOwed((row, stored) => ports.committed(ports.noAttempts, [row], stored, null));
    } catch (error) {
      ports.refused(taken, error);
      fanOuts.giveUp(numbersOf(asked));
      throw error;
    }
    const rows = fanOuts.wanted(asked);
    const { events } = commitRows(rows, taken, acceptedAt);
    const answers =
      rows.length === asked.length ? events : asked.map((row) => events[rows.indexOf(row)] ?? 0);
    return { events: answers, handedOver: ports.handedOver };
  }

  function commitRows(
    rows: readonly NewEventRow[],
    taken: TakenAttempts,
    acceptedAt: number | null,
  ): CommitAnswer {
    try {
      const answer = store(rows, taken.rows, acceptedAt);
      ports.committed(taken, rows, answer, acceptedAt);
      return answer;
    } catch (error) {
      ports.refused(taken, error);
      // Whoever hands in events is not to blame for attempts.
      if (rows.length > 0 && taken.rows.length > 0) return commitRows(rows, ports.noAttempts, acceptedAt);
      fanOuts.giveUp(numbersOf(rows));
      throw error;
    }
  }

  return {
    commit(events, acceptedAt, givenUp) {
      ports.catchUp(true);
      return commitEvents(unpackEvents(events), acceptedAt, givenUp);
    },
    bringBack(now, after) {
      ports.catchUp(false);
      return turns.run(() => bringBack(now, after));
    },
    eraseEvents(request, commitsAsked) {
      ports.catchUp(false);
      return turns.run(() => eraseEvents(request, patience(commitsAsked)));
    },
    deleteEvents(request, commitsAsked) {
      ports.catchUp(false);
      return turns.run(() => deleteEvents(request, patience(commitsAsked)));
    },
    probe() {
      ports.catchUp(false);
      calls.probe();
    },
    keep: (keeps) => turns.run(() => cutter.keep(keeps)),
    // What couriers have said and is not heard yet is none of its business: a delivery that is under way waits in the tables.
    cut(request, commitsAsked) {
      const { isAwaited } = patience(commitsAsked);
      return { isBusy: isBusy(), ...turns.run(() => cutter.cut(request, isAwaited)) };
    },
    close() {
      ports.catchUp(false);
      ports.close();
    },
  };
}

function numbersOf(rows: readonly NewEventRow[]): readonly number[] {
  return rows.map(({ seq }) => seq);
}
