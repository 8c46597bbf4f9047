import { hash } from 'node:crypto';
import type { FastifyBodyParser, FastifyInstance, FastifyRequest } from 'fastify';
import { parse } from 'secure-json-parse';
import { HookwireError, invalidInput } from '../../core/errors.ts';
import { repeatedName } from '../../core/repeated-name.ts';
import { keyHeader } from '../idempotency/answer-once.ts';
import { pathOf } from '../requests/json-path.ts';
import { createBodyTurns, type Step } from './body-turns.ts';
import { readWithout } from './cut.ts';
import { packingOf, requireUtf8 } from './encoding.ts';
import { keepInEvents, keepInTrial } from './keep.ts';
import { tooLarge } from './limit-routes.ts';
import { type BodyLimits, typedBody } from './limits.ts';
import { type Excess, type Measured, mostShapes, scanJson } from './scan.ts';
import { createUnpacking } from './unpack.ts';
import { brokenByte } from './utf8.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How much the body may be. Every route that takes one says so. */
    body?: BodyLimits;
  }
}

/**
 * Makes JSON the only kind of body, measured by the route's limits before it is read. An empty body is no body (many
 * clients name the type on every request); a broken one is answered with the place where it breaks. Keys that would
 * change an object's prototype (`__proto__`, and `constructor` with a `prototype`) are left out of what is read, wherever they
 * stand, and stay in the text of what is kept as it came (`keep.ts`):
 * one bad event must not hold up its batch.
 */
export function takeJsonOnly(
  app: Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser'>,
): void {
  const turns = createBodyTurns();
  const unpacking = createUnpacking();

  const readInTurn: FastifyBodyParser<Buffer> = (request, body, done) => {
    if (request.headers[keyHeader] !== undefined) request.bodyHash = hash('sha256', body);
    if (body.length === 0) return done(null, undefined);
    const attempt = <T>(work: () => T, next: (worked: T) => Step | null): Step | null => {
      try {
        return next(work());
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
        return null;
      }
    };
    const give = (read: unknown): null => {
      done(null, read);
      return null;
    };
    const scan = (): Measured => scanBody(request, body);
    const parse = (scanned: Measured): unknown => parseMeasured(request, body, scanned);
    // The parts of a very large one, and what its call does with it, take some 10 ms each.
    const isTaken = turns.take(senderOf(request), body.length, () =>
      body.length > largeBytes
        ? attempt(
            scan,
            (scanned) => () =>
              attempt(
                () => parse(scanned),
                (read) => () => give(read),
              ),
          )
        : attempt(() => parse(scan()), give),
    );
    if (!isTaken) done(tooMuchWaits());
  };

  const parseBody: FastifyBodyParser<Buffer> = (request, body, done) => {
    if (body.length === 0) return readInTurn(request, body, done);
    const { headers } = request;
    requireUtf8(headers['content-type']);
    if (packingOf(headers['content-encoding']) === 'identity') return readInTurn(request, body, done);
    unpacking.unpack(senderOf(request), body, request.routeOptions.bodyLimit, (error, unpacked) => {
      if (unpacked) readInTurn(request, unpacked, done);
      else done(isTooLarge(error) ? tooLarge(request, ' when it is unpacked') : error);
    });
  };

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      parseBody(request, body, done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

const largeBytes = 1024 * 1024;

function tooMuchWaits(): HookwireError {
  const words = 'More large bodies wait to be read than may. Nothing of this was accepted; send it again.';
  return new HookwireError('overloaded', words, { retryAfterSeconds: 1 });
}

function isTooLarge(error: Error | null): boolean {
  return error instanceof HookwireError && error.code === 'too_large';
}

function senderOf({ caller, ip }: FastifyRequest): string {
  return caller ? (caller.accountId ?? 'operators') : ip;
}

const byteOrderMark = 0xfeff;

/** @throws HookwireError `invalid_request`, `too_large` */
function scanBody(request: FastifyRequest, body: Buffer): Measured {
  const limits = limitsOf(request);
  const scanned = scanJson(body, limits);
  if ('excess' in scanned) throw refuse(scanned.excess, limits);
  requireCharacters(request, body);
  return scanned;
}

function limitsOf({ routeOptions }: FastifyRequest): BodyLimits {
  return routeOptions.config.body ?? typedBody;
}

/** @throws HookwireError `invalid_request`, `invalid_input` */
function parseMeasured(request: FastifyRequest, body: Buffer, { cuts, kept, suspect }: Measured): unknown {
  if (cuts.length > 0) {
    // Places in the text that is left would mislead.
    const read = readWithout(body, cuts, (text) => parseJson(text, { suspect, saysWhere: false }));
    keepInEvents(read, body, kept);
    return read;
  }
  const text = textOf(body);
  const read = parseJson(text, { suspect });
  const limits = limitsOf(request);
  if (!limits.ofEvent) refuseRepeated(text, limits);
  if (limits.hasEvent) keepInTrial(read, text);
  else keepInEvents(read, body, kept);
  return read;
}

/**
 * Of two values for one field nobody can tell which was meant. Events are taken as platforms write them.
 * @throws HookwireError `invalid_input`
 */
function refuseRepeated(text: string, { hasEvent }: BodyLimits): void {
  const steps = repeatedName(text, hasEvent ? 'event' : null);
  if (steps) throw invalidInput([{ path: pathOf(steps), message: 'must be given once.' }]);
}

/** @throws HookwireError `invalid_request` naming the first byte that is not UTF-8 */
function requireCharacters({ headers }: FastifyRequest, body: Buffer): void {
  const at = brokenByte(body);
  if (at === null) return;
  const byte = (body[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  const unpacked = packingOf(headers['content-encoding']) === 'identity' ? '' : ' of what is unpacked';
  throw new HookwireError(
    'invalid_request',
    `The body is not UTF-8: see its byte ${at}${unpacked}, 0x${byte}. Encode all of it as UTF-8.`,
  );
}

/** Without a byte order mark. */
function textOf(body: Buffer): string {
  const text = body.toString();
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

/** @param suspect whether there may be names that change a prototype: looking for them by pattern is dear among quotes */
function parseJson(text: string, { suspect = false, saysWhere = true }): unknown {
  try {
    if (!suspect) return JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text);
    return parse(text, null, { protoAction: 'remove', constructorAction: 'remove' });
  } catch (cause) {
    // V8 names the position, and line and column, of what it cannot read, with some 20 characters around it.
    const where = saysWhere && cause instanceof Error ? `: ${cause.message}` : '';
    throw new HookwireError('invalid_request', `The body is not valid JSON${where}.`, { cause });
  }
}

function refuse(excess: Excess, { levels, values, ofEvent }: BodyLimits): HookwireError {
  const fewer = ofEvent ? ' Send fewer events in one call.' : '';
  switch (excess) {
    case 'levels':
      return new HookwireError(
        'invalid_request',
        `The body nests lists and objects more than ${levels} levels deep.`,
      );
    case 'values':
      return new HookwireError(
        'too_large',
        `The body has more than ${values} values (texts, numbers, lists and so on), the most that is taken.${fewer}`,
      );
    case 'names':
      return new HookwireError(
        'too_large',
        `The body's objects have more than ${mostShapes} different names or orders of names, the most that is taken.${fewer}`,
      );
  }
}
