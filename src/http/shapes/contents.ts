import { contentsStates } from '../../core/contents.ts';
import type { KeptUntil } from '../../core/keeping.ts';
import { formatOptionalInstant } from './instants.ts';
import { nullableInstant, nullableText, word } from './schema.ts';

/** Whether all of an event is still there. */
export const contents = word(contentsStates, {
  description:
    '`kept`: all of the event is there. `cut`: its contents were kept for as long as the account keeps them; what is left is ' +
    'the log. `erased`: somebody had it forgotten.',
});

export const personsNumber = nullableText({
  description: 'Where `contents` is not `kept`, no more of it than its end: `••••5678`.',
});

/** Until when what is shown is kept, by the times that its account has now. */
export const keptUntilFields = {
  contentsKeptUntil: {
    ...nullableInstant,
    description:
      'Until when the contents are kept, or were where `contents` is `cut`, by the time that the account has now; `null`: for ever.',
  } as typeof nullableInstant,
  keptUntil: {
    ...nullableInstant,
    description:
      'Until when the entry in the log is kept, by the time that the account has now; `null`: for ever.',
  } as typeof nullableInstant,
};

export function keptUntilView({ payload, log }: KeptUntil) {
  return { contentsKeptUntil: formatOptionalInstant(payload), keptUntil: formatOptionalInstant(log) };
}
