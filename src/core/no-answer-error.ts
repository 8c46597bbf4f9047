import { HookwireError } from './errors.ts';

/** Another process that was asked for something has not answered. Whether it did it is not known. */
export class NoAnswerError extends HookwireError {
  /** The process is not there any more, so no answer will come. */
  readonly isGone: boolean;

  constructor(detail: string, isGone: boolean) {
    super('overloaded', detail, { retryAfterSeconds: 2 });
    this.name = 'NoAnswerError';
    this.isGone = isGone;
  }
}
