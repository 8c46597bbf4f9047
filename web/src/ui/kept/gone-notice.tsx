import { Alert } from '@mantine/core';
import { type Kept, whyGone } from './kept-words.ts';

/** Says why the contents of something are gone, and what is left; nothing where they are there. */
export function GoneNotice({ of }: { readonly of: Kept }) {
  const why = whyGone(of, Date.now());
  if (why === null) return null;
  const left =
    of.contents === 'cut'
      ? ' What is left: ids, times, states, attempts, and the end of the number. The whole number still finds it.'
      : ' What is left: ids, times, states and attempts.';
  return (
    <Alert color="gray" variant="light" title="Its contents are gone">
      {why}
      {left}
    </Alert>
  );
}
