import type { FastifyBodyParser, FastifyInstance } from 'fastify';
import { HookwireError } from '../core/errors.ts';

/**
 * Makes JSON the only kind of body. An empty body is no body (many clients name the type on every request); a broken
 * one is answered with the place where it breaks. Keys that would change an object's prototype (`__proto__`, and
 * `constructor` with a `prototype`) are left out, wherever they stand: one bad event must not hold up its batch.
 */
export function takeJsonOnly(
  app: Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser'> & {
    getDefaultJsonParser: FastifyInstance['getDefaultJsonParser'];
  },
): void {
  const parse = app.getDefaultJsonParser('remove', 'remove');
  const parseBody: FastifyBodyParser<string> = (request, body, done) => {
    if (body === '') return done(null, undefined);
    return parse(request, body, (error, value) =>
      error ? done(unreadable(body, error)) : done(null, value),
    );
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parseBody);
}

function unreadable(body: string, cause: Error): HookwireError {
  return new HookwireError('invalid_request', `The body is not valid JSON: ${whereItBreaks(body)}.`, {
    cause,
  });
}

/** V8 names the position, and line and column, of what it cannot read. */
function whereItBreaks(body: string): string {
  try {
    JSON.parse(body);
    return 'it cannot be read';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
