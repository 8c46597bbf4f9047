import type { MessagePort } from 'node:worker_threads';
import { errorToMessage } from './errors.ts';
import type { NextMessage, ThreadMessage } from './thread.ts';

/** The thread's end: answers requests by their ids. */
export interface Answers {
  value(id: number, value: unknown): void;
  error(id: number, error: unknown): void;
}

/** Hears of requests; what is thrown is the answer to the one that it was thrown for. */
export function answerRequests<Request extends { readonly id: number }>(
  port: MessagePort,
  carryOut: (request: Request, answers: Answers) => void,
): void {
  let comingNext = 0;

  function send(message: ThreadMessage): void {
    port.postMessage(message);
  }

  function error(id: number, thrown: unknown): void {
    send({ id, error: errorToMessage(thrown) });
  }

  const answers: Answers = {
    value(id, value) {
      send({ next: id });
      try {
        send({ id, value });
      } catch (thrown) {
        // It cannot be cloned; that is the request's mistake and must not end the thread.
        error(id, thrown);
      }
    },
    error,
  };

  port.on('messageerror', (thrown) => error(comingNext, thrown));
  port.on('message', (message: NextMessage | Request) => {
    if ('next' in message) {
      comingNext = message.next;
      return;
    }
    try {
      carryOut(message, answers);
    } catch (thrown) {
      error(message.id, thrown);
    }
  });
}
