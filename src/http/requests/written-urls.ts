import { HookwireError } from '../../core/errors.ts';
import type { App } from '../app-types.ts';
import { brokenByte } from '../body/utf8.ts';

/** Bytes that are written as `%e9` beside one another. */
const writtenBytes = /(?:%[0-9a-f]{2})+/gi;
const beyondAscii = /[^ -~]/;

/**
 * Refuses URLs whose characters are not UTF-8, or are not written as `%c3%a9`: what they ask for would be looked for as
 * something else, and not be found.
 */
export function refuseOtherCharacters(app: App): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { url } = request.raw;
    const error = url === undefined ? null : problemOf(url);
    done(error ?? undefined);
  });
}

function problemOf(url: string): HookwireError | null {
  const raw = url.search(beyondAscii);
  if (raw >= 0) return refusal(`has a byte beyond ASCII at ${raw}: write it with "%", as in %C3%A9.`);
  if (!url.includes('%')) return null;
  for (const { 0: written, index } of url.matchAll(writtenBytes)) {
    const at = brokenByte(Buffer.from(written.replaceAll('%', ''), 'hex'));
    if (at !== null)
      return refusal(`is not UTF-8: see ${written.slice(3 * at, 3 * at + 3)} at ${index + 3 * at}.`);
  }
  return null;
}

function refusal(words: string): HookwireError {
  return new HookwireError('invalid_request', `The URL ${words}`);
}
