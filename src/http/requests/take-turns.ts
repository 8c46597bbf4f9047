import type { FastifyReply, FastifyRequest } from 'fastify';
import { limitError } from '../../core/account-limits.ts';
import { HookwireError } from '../../core/errors.ts';
import { createFairPlaces } from '../../core/fair-places.ts';
import type { App } from '../app-types.ts';
import type { Services } from '../services.ts';
import { createUnreadAnswers } from './unread-answers.ts';

/** Of an account whose lists have no limit, and of all operators. */
const mostLists = 16;
/** Of one account, and of all operators: each waits for the disk. */
const mostChanges = 8;
/** Both kinds, in all. */
const mostUnderWay = 200;
const mostWaiting = 2_000;
const mostWaitingOfAccount = 50;
/** Answers that clients have not taken yet, in all: with so many bytes the next question waits. */
const mostUnread = 64 * 1024 * 1024;
/** Smaller answers fit into what the machine keeps for a connection. */
const smallAnswer = 16 * 1024;

/** For answers that are many lists one after another, each of which takes its turn. */
export interface ListTurns {
  /**
   * @param gone aborts when the list is not wanted any more
   * @returns gives the place back
   * @throws HookwireError `slow_down`, `overloaded`
   */
  enter(accountId: string | null, gone: AbortSignal): Promise<() => void>;
}

/**
 * Lets calls take turns by account: a few of each are under way at once, from when they may be answered until the answer
 * has left; the rest wait, and beyond that are refused with `slow_down`. What is asked and what is changed are apart.
 * Handing in events, tests, live streams and lists as files have bounds of their own, and say so in their routes (`takesTurns: false`).
 */
export function takeTurns(app: App, { clock, limits }: Pick<Services, 'clock' | 'limits'>): ListTurns {
  const unread = createUnreadAnswers(clock, () => lists.roomMade());
  const hasRoom = () => unread.bytes < mostUnread;
  const bounds = { most: mostUnderWay, mostWaiting, mostWaitingOfAccount };
  const lists = createFairPlaces({ ...bounds, hasRoom });
  const changes = createFairPlaces(bounds);

  function enter({ caller, method }: FastifyRequest, gone: AbortSignal): Promise<() => void> {
    const accountId = caller?.accountId ?? null;
    if (method === 'GET' || method === 'HEAD') return enterList(accountId, gone);
    return changes.enter(accountId, mostChanges, tooManyChanges, gone);
  }

  function enterList(accountId: string | null, gone: AbortSignal): Promise<() => void> {
    const limit = accountId === null ? null : limits.of(accountId).lists;
    const most = limit ?? mostLists;
    return lists.enter(accountId, most, () => limitError('lists', most), gone);
  }

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const gone = new AbortController();
    let leave = (): void => gone.abort();
    reply.raw.once('close', () => leave());
    reply.raw.once('finish', () => leave());
    leave = await enter(request, gone.signal);
    if (reply.raw.destroyed || reply.raw.writableEnded) leave();
  }

  app.addHook('preHandler', async (request, reply) => {
    if (request.caller && request.routeOptions.config.takesTurns !== false) await take(request, reply);
  });

  app.addHook('onSend', async (_request, reply, payload) => {
    const bytes =
      typeof payload === 'string' || payload instanceof Uint8Array ? Buffer.byteLength(payload) : 0;
    if (bytes > smallAnswer) unread.watch(reply.raw, bytes);
  });

  return { enter: enterList };
}

function tooManyChanges(): HookwireError {
  const detail = `The account has ${mostChanges} changes under way, the most there can be, and more of its calls wait than may. Make one after another.`;
  return new HookwireError('slow_down', detail, { retryAfterSeconds: 1 });
}
