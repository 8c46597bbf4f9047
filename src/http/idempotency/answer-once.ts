import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { HookwireError } from '../../core/errors.ts';
import { jsonText } from '../../core/json-text.ts';
import { type KeptAnswer, keptForMs } from '../../stores/ports/kept-answers.ts';
import type { App } from '../app-types.ts';
import { callerOf } from '../app-types.ts';
import type { Services } from '../services.ts';
import { createRecentAnswers, idOf } from './recent-answers.ts';

/** How a call that makes something is answered when it comes again under the same `Idempotency-Key`. */
export type Repeats =
  /** As it was, for a day. */
  | 'kept'
  /** It holds what is shown once: as it was as long as it is in memory, then with an error. */
  | 'shownOnce'
  /** As it was as long as it is in memory; what it made is told apart by itself after that. */
  | 'inMemory';

/** A call with a key that is being answered. */
export interface KeyedCall {
  readonly scope: string;
  readonly key: string;
  readonly fingerprint: string;
  /** Its answer was kept together with what it made. */
  isKept: boolean;
  /** It did not do all that it was to do, so that the same call again is to do the rest. */
  isPartial: boolean;
  /** Lets those go on that came with the same key meanwhile. */
  readonly leave: () => void;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route makes something and takes an `Idempotency-Key`. */
    repeats?: Repeats;
  }
  interface FastifyRequest {
    keyedCall: KeyedCall | null;
    /** SHA-256 of the body as it came, of calls with a key. */
    bodyHash: string | null;
  }
}

export const keyHeader = 'idempotency-key';
export const replayedHeader = 'idempotency-replayed';
/** Visible ASCII, written so that the patterns of every language read it. */
const validKey = /^[!-~]{1,255}$/;
const keyHeaders = Type.Object({
  [keyHeader]: Type.Optional(
    Type.String({
      pattern: validKey.source,
      description:
        'The same call again under the same key is answered as before, with `idempotency-replayed: true`, and does ' +
        'nothing. Kept for 24 hours; see the guide.',
    }),
  ),
});

/**
 * Answers a call that comes again, with the same `Idempotency-Key`, path and body, as it was answered, and does nothing:
 * also while the first is under way, which it waits for, and after a restart. Only successes are kept, so that what
 * failed may be tried again under its key.
 */
export function answerOnce(
  app: App,
  { clock, directory, log }: Pick<Services, 'clock' | 'directory' | 'log'>,
): void {
  const underWay = new Map<string, { readonly fingerprint: string; readonly ended: Promise<void> }>();
  const recent = createRecentAnswers(clock);
  app.decorateRequest('keyedCall', null);
  app.decorateRequest('bodyHash', null);

  /** Waits until no other call with this key is under way, and is the one from then on. */
  async function enter(scope: string, key: string, fingerprint: string): Promise<KeyedCall> {
    const id = idOf(scope, key);
    for (let other = underWay.get(id); other; other = underWay.get(id)) {
      if (other.fingerprint !== fingerprint) throw keyReused();
      await other.ended;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.set(id, { fingerprint, ended: promise });
    const leave = () => {
      if (underWay.get(id)?.ended === promise) underWay.delete(id);
      resolve();
    };
    return { scope, key, fingerprint, isKept: false, isPartial: false, leave };
  }

  async function find({ scope, key }: KeyedCall): Promise<KeptAnswer | null> {
    return recent.find(scope, key) ?? (await directory.keptAnswers.find(scope, key, clock.now() - keptForMs));
  }

  app.addHook('onRoute', ({ config, schema }) => {
    if (config?.repeats && schema) schema.headers = keyHeaders;
  });

  /** Whether the call has come before, and was answered. */
  async function answerRepeat(request: FastifyRequest, reply: FastifyReply, key: string): Promise<boolean> {
    const call = await enter(scopeOf(request), key, fingerprintOf(request));
    try {
      const found = await find(call);
      if (!found) {
        request.keyedCall = call;
        return false;
      }
      if (found.fingerprint !== call.fingerprint) throw keyReused();
      if (found.body === null) throw alreadyDone(found);
      call.leave();
      replay(reply, found);
      return true;
    } catch (error) {
      call.leave();
      throw error;
    }
  }

  async function keep(call: KeyedCall, repeats: Repeats, reply: FastifyReply, body: string): Promise<void> {
    const given = reply.getHeader('location');
    const location = typeof given === 'string' ? given : null;
    const answer = answerOf(call, reply.statusCode, location, body, clock.now());
    if (repeats !== 'kept') recent.keep(answer);
    if (repeats === 'inMemory' || call.isKept) return;
    await directory.keptAnswers.keep(repeats === 'shownOnce' ? { ...answer, body: null } : answer);
  }

  // No promise where there is no key: events come by the thousand.
  app.addHook('preHandler', (request, reply, done) => {
    const given = request.headers[keyHeader];
    if (!request.routeOptions.config.repeats || given === undefined) return done();
    const repeat = async () => answerRepeat(request, reply, readKey(given));
    repeat().then((isAnswered) => {
      if (!isAnswered) done();
    }, done);
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    const call = request.keyedCall;
    if (!call) return done();
    request.keyedCall = null;
    const { repeats = 'kept' } = request.routeOptions.config;
    const isKept = reply.statusCode < 300 && !call.isPartial && typeof payload === 'string';
    const keeping = isKept ? keep(call, repeats, reply, payload) : Promise.resolve();
    keeping
      .catch((error: Error) =>
        log.error({ err: error }, 'The answer to a call with an Idempotency-Key could not be kept.'),
      )
      .finally(call.leave)
      .then(() => done(), done);
  });
}

/**
 * The answer that a handler is about to give, to be kept together with what it makes; `null` where the call has no key.
 * The handler must then give it, or throw.
 */
export function keptWith(
  request: FastifyRequest,
  location: string,
  answer: object,
  at: number,
): KeptAnswer | null {
  const call = request.keyedCall;
  if (!call) return null;
  call.isKept = true;
  const isShown = request.routeOptions.config.repeats !== 'shownOnce';
  return answerOf(call, 201, location, isShown ? jsonText(answer) : null, at);
}

/** Says that the answer about to be given is not to be kept: some of the call may be done when it comes again. */
export function keepNothing({ keyedCall }: FastifyRequest): void {
  if (keyedCall) keyedCall.isPartial = true;
}

function answerOf(
  { scope, key, fingerprint }: KeyedCall,
  status: number,
  location: string | null,
  body: string | null,
  at: number,
): KeptAnswer {
  return { scope, key, fingerprint, status, location, body, at };
}

function scopeOf(request: FastifyRequest): string {
  return callerOf(request).accountId ?? '';
}

function readKey(given: string | readonly string[]): string {
  if (typeof given === 'string' && validKey.test(given)) return given;
  const words = 'The Idempotency-Key header must have 1 to 255 visible ASCII characters, a UUID for example.';
  throw new HookwireError('invalid_request', words);
}

function fingerprintOf({ method, url, bodyHash }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${bodyHash ?? ''}`)
    .digest('base64');
}

function keyReused(): HookwireError {
  return new HookwireError(
    'idempotency_key_reused',
    'This Idempotency-Key came with another call before: with another path, query or body. Nothing was done. Take a new key for a new call.',
  );
}

function alreadyDone({ location }: KeptAnswer): HookwireError {
  const after =
    location === null
      ? 'If the answer did not arrive, look at what it did, or do it again with a new key.'
      : `If the answer did not arrive, delete ${location}, and make another with a new key.`;
  return new HookwireError(
    'already_done',
    `This was done under this Idempotency-Key before, and its answer, which held what is shown once, is not kept so long. ${after}`,
  );
}

function replay(reply: FastifyReply, { status, location, body }: KeptAnswer): void {
  if (location !== null) reply.header('location', location);
  reply.code(status).header(replayedHeader, 'true').type('application/json; charset=utf-8').send(body);
}
