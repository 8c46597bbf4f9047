import { type Problem, problemOf } from '../api/problem.ts';
import type { components } from '../api/schema.d.ts';
import { fieldHeading, plainWords } from './field-words.ts';

/** The API's codes, and those that the portal finds itself. */
type Code = components['schemas']['Problem']['code'] | 'unreachable' | 'broken_off' | 'broken';

interface CodeWords {
  /** What happened: one sentence for people. */
  readonly says: string;
  /** What they can do about it. */
  readonly advice: string;
  /** Whether the gateway's own words, which are of this case, go before the advice or stand for it. */
  readonly detail?: 'before' | 'instead';
}

const again = 'Nothing was done. Wait a moment, then try again.';

const words: { readonly [C in Code]: CodeWords } = {
  invalid_request: {
    says: 'The gateway could not read what the page asked for.',
    advice: 'Load the page again. If it stays, tell the operator of the gateway.',
  },
  unauthorized: { says: 'You are not signed in any more.', advice: 'Sign in again; nothing was changed.' },
  invalid_credentials: {
    says: 'The e-mail address or the password is wrong.',
    advice: 'Check both, or ask an owner of your account for a link to set a new password.',
  },
  forbidden: {
    says: 'You may not do this.',
    advice: 'Ask an owner of the account for a role that may, or the operator of the gateway.',
  },
  csrf: {
    says: 'The gateway takes such a change from its own pages only.',
    advice: 'Open the portal at its usual address, and try again there.',
  },
  not_found: {
    says: 'It is not there.',
    advice: 'It may have been deleted, or belong to another account: check the address of the page.',
    detail: 'before',
  },
  method_not_allowed: {
    says: 'The gateway does not know this action.',
    advice: 'Load the page again: the gateway may be of another version than the page.',
  },
  conflict: {
    says: 'It is not as it was when you looked at it.',
    advice: 'Load the page again to see it as it is now.',
    detail: 'before',
  },
  already_done: {
    says: 'This was done before.',
    advice: 'Load the page again to see what came of it.',
  },
  limit_reached: {
    says: 'The account has as many as it may have.',
    advice: 'Delete what is not needed, or ask the operator of the gateway to raise the limit.',
    detail: 'instead',
  },
  restore_expired: {
    says: 'The webhook can no longer be brought back.',
    advice: 'Add it anew; its history stays under its old ID.',
  },
  link_expired: {
    says: 'The link is not valid any more.',
    advice: 'Ask whoever sent it for a new one.',
    detail: 'instead',
  },
  too_large: {
    says: 'That is more than the gateway takes at once.',
    advice: 'Make it shorter, or give less at once.',
  },
  unsupported_media_type: {
    says: 'The gateway could not read what the page sent.',
    advice: 'Load the page again: the gateway may be of another version than the page.',
  },
  request_timeout: {
    says: 'What the page sent did not arrive in time.',
    advice: 'Nothing was done. Check the connection, then try again.',
  },
  invalid_input: { says: 'Something is not filled in as it must be.', advice: 'Correct it, then try again.' },
  idempotency_key_reused: {
    says: 'The page asked for two different things as if they were one.',
    advice: 'Nothing was done. Load the page again, then try again.',
  },
  too_many_attempts: {
    says: 'There were too many attempts.',
    advice: 'Wait a minute, then try again.',
  },
  too_many_calls: { says: 'The gateway got too many calls from here.', advice: again },
  too_many_connections: {
    says: 'There are too many connections from here.',
    advice: 'Close pages of the portal that you do not need, then try again.',
  },
  slow_down: {
    says: 'The account does too much at once.',
    advice: 'Wait a moment, then try again.',
    detail: 'before',
  },
  headers_too_large: {
    says: 'The browser sent more with the page’s call than the gateway takes.',
    advice: 'Delete the cookies of this site in your browser, then sign in again.',
  },
  internal: {
    says: 'The gateway failed to answer.',
    advice: 'Try again. If it stays, tell the operator of the gateway when it happened.',
  },
  overloaded: {
    says: 'The gateway has too much to do right now.',
    advice: 'Wait a moment, then try again.',
    detail: 'before',
  },
  stopping: { says: 'The gateway is being restarted.', advice: again },
  unreachable: {
    says: 'The gateway does not answer.',
    advice: 'Check the connection and try again.',
  },
  broken_off: {
    says: 'The file broke off before it was whole.',
    advice: 'Nothing was saved. Try again; if it stays, narrow the list.',
  },
  broken: {
    says: 'Something went wrong in this page.',
    advice: 'Load the page again. If it stays, tell the operator of the gateway.',
    detail: 'before',
  },
};

/** An error as a person reads it. */
export interface ProblemWords {
  readonly says: string;
  /** The gateway's own words, where they are of this case; `null`: they are not. */
  readonly detail: string | null;
  /** `null`: it stands in the gateway's words. */
  readonly advice: string | null;
  /** What is wrong with the input, by what its places are called. */
  readonly wrong: readonly { readonly field: string; readonly message: string }[];
}

export function problemWords(error: unknown): ProblemWords {
  const problem = problemOf(error);
  const { says, advice, detail } = wordsOf(problem);
  const { errors = [] } = problem;
  // Of input the places are named, if there are any.
  const isTold = detail !== undefined || (problem.code === 'invalid_input' && errors.length === 0);
  return {
    says,
    detail: isTold ? plainWords(problem.detail) : null,
    advice: detail === 'instead' ? null : advice,
    wrong: errors.map(({ path, message }) => ({
      field: path === '' ? '' : fieldHeading(path),
      message: plainWords(message),
    })),
  };
}

/** In one line, where there is a title already. */
export function problemInBrief(error: unknown): string {
  const { says, detail, advice, wrong } = problemWords(error);
  const [first] = wrong;
  if (first) return `${first.field} ${first.message}`.trim();
  return [detail ?? says, advice].filter((part) => part !== null).join(' ');
}

/** A code of a newer gateway counts as one of its kind. */
function wordsOf({ code, status }: Problem): CodeWords {
  if (Object.hasOwn(words, code)) return words[code as Code];
  if (status >= 500) return words.internal;
  return status === 404 ? words.not_found : { ...words.invalid_request, detail: 'before' };
}
