import { once } from 'node:events';
import { connect } from 'node:net';
import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ListedDelivery } from '../../stores/ports/history.ts';
import { eventually } from '../../testing/eventually.ts';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import { createHttpServer, type HttpServer } from '../server.ts';
import { sampleDelivery } from '../testing/deliveries.ts';
import { createHttpFixture, type HttpFixture, operatorKey } from '../testing/http-fixture.ts';

let clock: ManualClock;
let api: HttpFixture;
let server: HttpServer;
let url: string;
beforeEach(async () => {
  clock = createManualClock();
  api = await createHttpFixture(clock);
  server = createHttpServer(api.services);
  ({ url } = await server.listen('127.0.0.1', 0));
});
afterEach(async () => {
  await server.close();
  await api.app.close();
});

const row = (number: number, profile = ''): ListedDelivery => {
  const sample = sampleDelivery('acc_1');
  return { ...sample, id: `dlv_${number}`, event: { ...sample.event, messageId: `m${number}${profile}` } };
};

/** The store has so many deliveries; one page after another is given. @param beside of each message id, characters */
function store(count: number, beside = 0, before: (page: number) => void | Promise<void> = () => {}) {
  let pages = 0;
  return vi
    .spyOn(api.services.history, 'listDeliveries')
    .mockImplementation(async (_filter, { limit, cursor }) => {
      await before(pages++);
      const from = Number(cursor ?? 0);
      const to = Math.min(from + limit, count);
      const data = Array.from({ length: to - from }, (_, at) => row(from + at, 'x'.repeat(beside)));
      return { data, nextCursor: to < count ? String(to) : null };
    });
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url + path, { method, headers: { authorization: `Bearer ${operatorKey}`, ...headers } });

/** A connection that reads nothing of the answer, and the socket it is on. */
async function askWithoutReading(path: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${operatorKey}\r\n\r\n`);
  await once(socket, 'readable');
  return socket;
}

/** Resolves when so many pages were asked for and no more are. */
async function untilQuiet(listing: {
  readonly mock: { readonly calls: readonly unknown[] };
}): Promise<number> {
  let before = -1;
  await eventually(
    () => listing.mock.calls.length,
    (calls) => {
      const quiet = calls > 0 && calls === before;
      before = calls;
      return quiet;
    },
  );
  return before;
}

describe('a list as CSV', () => {
  it('is a table with the columns that the guide names, for spreadsheets of every country', async () => {
    store(1);
    const answer = await get('/v1/deliveries.csv');
    expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
      200,
      {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="deliveries-2026-11-22.csv"',
        'cache-control': 'no-store',
      },
    ]);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(bytes.subarray(3).toString().split('\r\n')).toEqual([
      '"id","eventId","accountId","webhookId","product","reportType","productUniqueId","messageId","transactionId",' +
        '"mobileNumber","status","errorCode","state","stateReason","attemptCount","statusCode","errorClass",' +
        '"acceptedAt (UTC)","nextAttemptAt (UTC)","finishedAt (UTC)","contents"',
      `"dlv_0","evt_1","acc_1","wh_1","sms","dlr",,"m0","'81934341034091431","'919812345678","delivered","'000",` +
        `"retrying",,1,503,"status","2026-11-22T10:15:31.000Z","2026-11-22T10:15:36.000Z",,"kept"`,
      '',
    ]);
  });

  it('has the column names alone where nothing matches', async () => {
    store(0);
    const text = await (await get('/v1/deliveries.csv')).text();
    expect(Papa.parse(text, { skipEmptyLines: true }).data).toHaveLength(1);
  });

  it('has semicolons for countries whose decimals have a comma', async () => {
    store(2);
    const text = await (await get('/v1/deliveries.csv?separator=semicolon')).text();
    const { data, errors } = Papa.parse<Record<string, string>>(text, {
      delimiter: ';',
      header: true,
      skipEmptyLines: true,
    });
    expect([errors, data.map(({ messageId }) => messageId)]).toEqual([[], ['m0', 'm1']]);
  });

  it('comes whole over many pages, or as far as was asked for', async () => {
    const listing = store(450);
    const ids = async (query: string) => {
      const text = await (await get(`/v1/deliveries.csv${query}`)).text();
      return Papa.parse<{ id: string }>(text, { header: true, skipEmptyLines: true }).data.map(
        ({ id }) => id,
      );
    };
    expect(await ids('')).toEqual(Array.from({ length: 450 }, (_, at) => `dlv_${at}`));
    expect(listing).toHaveBeenCalledTimes(5);
    expect(await ids('?limit=201')).toHaveLength(201);
    expect(await ids('?cursor=448')).toEqual(['dlv_448', 'dlv_449']);
  });
});

describe('a list as NDJSON', () => {
  it("has the list's items, each on a line", async () => {
    store(201);
    const answer = await get('/v1/deliveries.ndjson');
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="deliveries-2026-11-22.ndjson"',
    );
    const lines = (await answer.text()).split('\n');
    expect(lines).toHaveLength(202);
    const { data } = (await (await get('/v1/deliveries?limit=1')).json()) as { data: object[] };
    expect(JSON.parse(lines[0] ?? '')).toEqual(data[0]);
  });

  it('is empty where nothing matches', async () => {
    store(0);
    const answer = await get('/v1/deliveries.ndjson');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('a list that is accepted as a file', () => {
  it.each([
    ['text/csv', 'text/csv; charset=utf-8'],
    ['application/x-ndjson', 'application/x-ndjson; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
  ])('comes as %s', async (accept, type) => {
    store(1);
    const answer = await get('/v1/deliveries?messageId=m0', { accept });
    expect(answer.headers.get('content-type')).toBe(type);
    await answer.text();
  });

  it('has headers alone by HEAD, and reads nothing', async () => {
    const listing = store(1);
    const answer = await get('/v1/deliveries', { accept: 'text/csv' }, 'HEAD');
    expect([
      answer.status,
      answer.headers.get('content-disposition'),
      answer.headers.get('content-length'),
    ]).toEqual([200, 'attachment; filename="deliveries-2026-11-22.csv"', null]);
    expect(listing).not.toHaveBeenCalled();
  });
});

describe('a list as a file', () => {
  it.each([
    ['/v1/deliveries.csv?state=lost', 422],
    ['/v1/deliveries.csv?separator=tab', 422],
    ['/v1/deliveries.ndjson?separator=comma', 422],
    ['/v1/deliveries.csv?from=yesterday', 422],
    ['/v1/deliveries.csv?limit=0', 422],
    ['/v1/events.csv', 422],
    ['/v1/events.ndjson', 422],
  ])('is refused with a problem document: %s', async (path, status) => {
    const answer = await get(path);
    expect([
      answer.status,
      answer.headers.get('content-type'),
      answer.headers.get('content-disposition'),
    ]).toEqual([status, 'application/problem+json; charset=utf-8', null]);
  });

  it('is a problem document when the first page fails', async () => {
    store(1, 0, () => {
      throw new Error('The disk is gone.');
    });
    const answer = await get('/v1/deliveries.csv');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json; charset=utf-8',
    ]);
    expect(answer.headers.get('content-disposition')).toBeNull();
  });

  it('breaks off, visibly, when a later page fails', async () => {
    store(500, 0, (page) => {
      if (page === 2) throw new Error('The disk is gone.');
    });
    const answer = await get('/v1/deliveries.csv');
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(api.logged).toMatchObject([
      { details: { route: '/v1/deliveries.csv' }, message: 'A list as a file broke off.' },
    ]);
  });

  it('breaks off when its key is deleted', async () => {
    const key = await api.accountKey('acc_1', 'deliveries:read');
    const { data } = await api.services.directory.listKeys('acc_1', { limit: 1, cursor: null });
    store(500, 0, async (page) => {
      if (page !== 1) return;
      const path = `/v1/accounts/acc_1/keys/${data[0]?.id}`;
      expect((await get(path, {}, 'DELETE')).status).toBe(204);
    });
    const answer = await get('/v1/deliveries.ndjson', { authorization: `Bearer ${key}` });
    await expect(answer.text()).rejects.toThrow();
    expect(api.logged).toEqual([]);
  });

  it('waits for a slow reader, with few pages in memory, and goes on', async () => {
    const listing = store(10_000, 2_000);
    const socket = await askWithoutReading('/v1/deliveries.ndjson');
    const held = await untilQuiet(listing);
    expect(held).toBeLessThan(40);
    let lines = 0;
    for await (const chunk of socket) {
      lines += (chunk as Buffer).toString('latin1').split('"id":').length - 1;
      if ((chunk as Buffer).toString('latin1').endsWith('\r\n0\r\n\r\n')) break;
    }
    expect(lines).toBeGreaterThan(9_900);
    expect(listing).toHaveBeenCalledTimes(100);
  });

  it('ends when the client takes nothing for long', async () => {
    const listing = store(10_000, 2_000);
    const socket = await askWithoutReading('/v1/deliveries.ndjson');
    const held = await untilQuiet(listing);
    clock.advance(120_000);
    socket.resume();
    await once(socket, 'close');
    expect(listing.mock.calls.length).toBeLessThanOrEqual(held + 1);
    expect(clock.waiting).toBe(0);
  });

  it('stops reading when the client has gone', async () => {
    const listing = store(10_000, 2_000);
    const socket = await askWithoutReading('/v1/deliveries.ndjson');
    const held = await untilQuiet(listing);
    socket.destroy();
    await eventually(
      () => clock.waiting,
      (waiting) => waiting === 0,
    );
    expect(listing.mock.calls.length).toBeLessThanOrEqual(held + 1);
  });

  it('is cut when the gateway stops, and does not hold it up', async () => {
    store(10_000, 2_000);
    const socket = await askWithoutReading('/v1/deliveries.ndjson');
    await server.close();
    let text = '';
    socket.on('data', (chunk) => {
      text = chunk.toString('latin1');
    });
    await once(socket, 'close');
    expect(text.endsWith('0\r\n\r\n')).toBe(false);
    expect(api.logged).toEqual([]);
  });

  it('waits for no other list, and no more than four are sent to an account at once', async () => {
    store(10_000, 2_000);
    const sockets = await Promise.all(
      Array.from({ length: 4 }, () => askWithoutReading('/v1/deliveries.csv')),
    );
    const refused = await get('/v1/deliveries.csv');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    expect(await refused.json()).toMatchObject({ code: 'slow_down' });
    expect((await get('/v1/deliveries')).status).toBe(200);
    sockets[0]?.destroy();
    await eventually(
      async () => {
        const answer = await get('/v1/deliveries.csv?limit=1');
        await answer.text();
        return answer.status;
      },
      (status) => status === 200,
    );
    for (const socket of sockets) socket.destroy();
  });
});
