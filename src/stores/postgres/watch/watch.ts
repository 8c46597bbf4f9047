import type { StoreWatch } from '../../ports/figures.ts';
import type { Questions } from '../questions/questions.ts';
import { readFigures, readWaitingByAccount } from './figures.ts';
import { readQueues } from './queues.ts';

/** What PostgreSQL holds, all processes' together. */
export function createPostgresWatch(questions: Questions): StoreWatch {
  return {
    figures: () => questions.ask(null, readFigures),
    queues: (question) => questions.ask(null, (asking) => readQueues(asking, question)),
    waitingByAccount: () => questions.ask(null, readWaitingByAccount),
  };
}
