import { distance } from 'fastest-levenshtein';
import { mostShown } from '../../core/shown.ts';

/** ` Did you mean "url"?` when a known word is close to what was written, else nothing. */
export function didYouMean(written: string, known: readonly string[]): string {
  // Every known word is shorter, and the distance to a long text is dear to find.
  if (written.length > mostShown) return '';
  const lower = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(written.length / 3)) + 1;
  for (const word of known) {
    const far = distance(lower, word.toLowerCase());
    if (far < bestDistance && far < word.length) {
      best = word;
      bestDistance = far;
    }
  }
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}
