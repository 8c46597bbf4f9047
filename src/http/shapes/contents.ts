import { contentsStates } from '../../core/contents.ts';
import { nullableText, word } from './schema.ts';

/** Whether all of an event is still there. */
export const contents = word(contentsStates, {
  description:
    '`kept`: all of the event is there. `cut`: its contents were kept for as long as the account keeps them; what is left is ' +
    'the log. `erased`: somebody had it forgotten.',
});

export const personsNumber = nullableText({
  description: 'Where `contents` is not `kept`, no more of it than its end: `••••5678`.',
});
