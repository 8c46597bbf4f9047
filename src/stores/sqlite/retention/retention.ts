import type { Retention } from '../../ports/retention.ts';
import type { WriterThread } from '../writer/writer-thread.ts';

/** Retention on SQLite: the writer ends things, between two commits. */
export function createSqliteRetention(thread: Pick<WriterThread, 'ask' | 'commitsAsked'>): Retention {
  return {
    keep: (keeps) => thread.ask('keep', keeps),
    cut: (request) => thread.ask('cut', request, thread.commitsAsked),
  };
}
