import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Timer } from '../../core/clock.ts';
import { HookwireError } from '../../core/errors.ts';
import { jsonText } from '../../core/json-text.ts';
import { createPlaces } from '../../core/places.ts';
import type { Page, PageRequest } from '../../stores/ports/page.ts';
import { maskPage } from '../answers/mask-for-viewer.ts';
import { type App, callerOf } from '../app-types.ts';
import type { Authenticator } from '../callers/auth.ts';
import type { Caller } from '../callers/caller.ts';
import { mayStill } from '../callers/may-still.ts';
import type { ListTurns } from '../requests/take-turns.ts';
import type { Services } from '../services.ts';
import { type Column, createCsv, type Separator } from './csv.ts';
import { type FileFormat, formats } from './formats.ts';
import { readWhole } from './whole-file.ts';

/** A list that somebody wants as a file. */
export interface ListDownload<T extends object> {
  /** Of the file, without date and ending. */
  readonly name: string;
  readonly format: FileFormat;
  readonly separator?: Separator | undefined;
  readonly columns: readonly Column<T>[];
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** As the list shows them. */
  page(page: PageRequest): Promise<Page<T>>;
}

/**
 * Sends lists as files, a page after another, of which a client that reads slowly holds two.
 *
 * ```text
 * a place ──▸ the first page ──▸ headers ──▸ page ──▸ … ──▸ the end
 *    │             │ its errors are answers    │ fails, or the caller may no longer, or the gateway stops
 *    ▼             ▼                           ▼
 *  429, 503    problem document             the connection is cut, so that no part passes for the whole
 * ```
 */
export interface Downloads {
  send<T extends object>(
    request: FastifyRequest,
    reply: FastifyReply,
    list: ListDownload<T>,
  ): Promise<FastifyReply>;
}

/** At once, of an account, and of all operators. */
const mostOfAccount = 4;
/** In all. */
const mostInAll = 32;
/** Rows that are read, masked and written together. Beside a download of 200 each, masked, p99 of the event loop was 60 ms, of 100 it is 19. */
const pageRows = 100;
/** How long a client may take for a page, as for any answer; then a ms for each of so many bytes. */
const takingMs = 30_000;
const takingBytesPerMs = 16;
const operators = '';

type DownloadServices = Pick<Services, 'clock' | 'log'>;

export function createDownloads(
  app: App,
  { clock, log }: DownloadServices,
  authenticator: Authenticator,
  turns: ListTurns,
): Downloads {
  const places = createPlaces(mostInAll);
  const underWay = new Set<Readable>();
  app.addHook('preClose', (done) => {
    for (const stream of underWay) stream.destroy(new HookwireError('overloaded', 'The gateway stops.'));
    done();
  });

  function takePlace({ accountId }: Caller): () => void {
    const leave = places.take(accountId ?? operators, mostOfAccount);
    if (typeof leave === 'function') return leave;
    const whose = leave === 'account' ? 'The account has' : 'The gateway sends';
    const most = leave === 'account' ? mostOfAccount : mostInAll;
    const detail = `${whose} ${most} lists as files right now, the most there can be. Wait until one has ended.`;
    throw new HookwireError(leave === 'account' ? 'slow_down' : 'overloaded', detail, {
      retryAfterSeconds: 30,
    });
  }

  /** The pages, masked for who may not see numbers. */
  async function* read<T extends object>(request: FastifyRequest, list: ListDownload<T>, gone: AbortSignal) {
    const caller = callerOf(request);
    const { accountId } = caller;
    const access = request.routeOptions.config.access;
    if (access === undefined || access === 'public') throw new Error('Lists are for callers.');
    const credentials = { method: request.method, headers: request.headers };
    let left = list.limit ?? Number.POSITIVE_INFINITY;
    let cursor = list.cursor ?? null;
    for (let isFirst = true; isFirst || (cursor !== null && left > 0); isFirst = false) {
      if (!isFirst && !(await mayStill(authenticator, access, credentials, caller)))
        throw new HookwireError('unauthorized', 'The key is gone, or may no longer read the list.');
      const leave = await turns.enter(accountId, gone);
      let page: Page<T>;
      try {
        page = await list.page({ limit: Math.min(pageRows, left), cursor });
      } finally {
        leave();
      }
      gone.throwIfAborted();
      ({ nextCursor: cursor } = page);
      left -= page.data.length;
      yield caller.masksNumbers ? (await maskPage({ data: page.data })).data : page.data;
    }
  }

  async function* write<T extends object>(
    reply: FastifyReply,
    { format, separator = 'comma', columns }: ListDownload<T>,
    first: readonly T[],
    rest: AsyncIterable<readonly T[]>,
  ): AsyncGenerator<Buffer> {
    const csv = createCsv(columns, separator);
    const written = (items: readonly T[]) =>
      format === 'csv' ? csv.rows(items) : items.map((item) => `${jsonText(item)}\n`).join('');

    let timer: Timer | null = null;
    async function* taken(text: string): AsyncGenerator<Buffer> {
      if (text === '') return;
      const bytes = Buffer.from(text);
      timer = clock.setTimer(() => reply.raw.destroy(), takingMs + bytes.length / takingBytesPerMs);
      yield bytes;
      timer.cancel();
    }

    try {
      yield* taken((format === 'csv' ? csv.begin() : '') + written(first));
      for await (const items of rest) yield* taken(written(items));
    } finally {
      (timer as Timer | null)?.cancel();
    }
  }

  /** Cuts the connection where it fails; what nobody expected is logged. */
  async function* watched(request: FastifyRequest, chunks: AsyncIterable<Buffer>, gone: AbortSignal) {
    try {
      yield* chunks;
    } catch (error) {
      if (!gone.aborted && !(error instanceof HookwireError))
        log.error({ err: error, route: request.routeOptions.url }, 'A list as a file broke off.');
      throw error;
    }
  }

  /** What stands above a file; not before it is known that there is one. */
  function begin(
    reply: FastifyReply,
    { name, format }: Pick<ListDownload<never>, 'name' | 'format'>,
  ): FastifyReply {
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    return reply
      .header('content-type', formats[format].contentType)
      .header('content-disposition', `attachment; filename="${name}-${day}.${format}"`);
  }

  return {
    async send(request, reply, list) {
      if (request.method === 'HEAD') return begin(reply, list).send(Readable.from([]));
      const leave = takePlace(callerOf(request));
      const gone = new AbortController();
      const end = (): void => {
        gone.abort();
        leave();
      };
      reply.raw.once('close', end);
      reply.raw.once('finish', end);
      if (reply.raw.destroyed) end();
      const pages = read(request, list, gone.signal);
      const first = await pages.next();
      const chunks = write(reply, list, first.value ?? [], pages);
      if (request.raw.httpVersion === '1.0') {
        const whole = await readWhole(chunks);
        return begin(reply, list).send(whole);
      }
      const stream = Readable.from(watched(request, chunks, gone.signal));
      underWay.add(stream);
      stream.once('close', () => underWay.delete(stream));
      return begin(reply, list).send(stream);
    },
  };
}
