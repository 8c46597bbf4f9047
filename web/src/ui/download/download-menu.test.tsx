import { screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepBearer } from '../../api/client.ts';
import { playGateway } from '../../testing/gateway.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { DownloadMenu } from './download-menu.tsx';
import * as saving from './save-file.ts';

const saved = vi.spyOn(saving, 'saveFile').mockImplementation(() => {});
afterEach(() => {
  saved.mockClear();
  keepBearer(null);
});

const list = { of: 'deliveries', query: { accountId: 'acc_1', state: 'failed' } } as const;
const file = (body: BodyInit) =>
  new Response(body, {
    headers: { 'content-disposition': 'attachment; filename="deliveries-2026-11-22.csv"' },
  });

async function open(answers: Parameters<typeof playGateway>[0]) {
  const calls = playGateway(answers);
  const page = await renderPage({ path: '/x', at: '/x', page: () => <DownloadMenu list={list} /> });
  const choose = async (item: RegExp) => {
    await page.user.click(screen.getByRole('button', { name: 'Download' }));
    await page.user.click(await screen.findByRole('menuitem', { name: item }));
  };
  return { ...page, calls, choose };
}

describe('the download of a list', () => {
  it('saves what the filters in view find, as Excel of the country takes it', async () => {
    const { calls, choose } = await open({ 'GET /v1/deliveries.csv': () => file('"id"\r\n') });
    await choose(/^For Excel/);
    await waitFor(() => expect(saved).toHaveBeenCalledOnce());
    const [given] = saved.mock.calls[0] ?? [];
    expect([given?.name, await given?.content.text()]).toEqual(['deliveries-2026-11-22.csv', '"id"\r\n']);
    const asked = calls.find(({ path }) => path === '/v1/deliveries.csv');
    expect(Object.fromEntries(asked?.search ?? [])).toEqual({
      accountId: 'acc_1',
      state: 'failed',
      separator: 'comma',
    });
  });

  it('has semicolons and NDJSON too', async () => {
    const { calls, choose } = await open({
      'GET /v1/deliveries.csv': () => file(''),
      'GET /v1/deliveries.ndjson': () => file(''),
    });
    await choose(/^CSV with semicolons/);
    await waitFor(() => expect(saved).toHaveBeenCalledOnce());
    await choose(/NDJSON/);
    await waitFor(() => expect(saved).toHaveBeenCalledTimes(2));
    expect(calls.map(({ path, search }) => `${path} ${search.get('separator')}`)).toEqual(
      expect.arrayContaining(['/v1/deliveries.csv semicolon', '/v1/deliveries.ndjson null']),
    );
  });

  it('says why there is none, and saves nothing', async () => {
    const problem = {
      status: 429,
      code: 'slow_down',
      title: 'Slow',
      detail: 'The account has 4 lists as files.',
    };
    const { choose } = await open({
      'GET /v1/deliveries.csv': () => Response.json(problem, { status: 429 }),
    });
    await choose(/^For Excel/);
    expect(await screen.findByText(/4 lists as files/)).toBeDefined();
    expect(saved).not.toHaveBeenCalled();
  });

  it('saves no part of a file that breaks off', async () => {
    const half = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('"id"\r\n'));
          controller.error(new TypeError('terminated'));
        },
      });
    const { choose } = await open({ 'GET /v1/deliveries.csv': () => file(half()) });
    await choose(/^For Excel/);
    expect(await screen.findByText(/broke off/)).toBeDefined();
    expect(saved).not.toHaveBeenCalled();
  });

  it('can be stopped while it is under way', async () => {
    const { user, choose } = await open({ 'GET /v1/deliveries.csv': () => file(new ReadableStream()) });
    await choose(/^For Excel/);
    await user.click(await screen.findByRole('button', { name: 'Stop the download' }));
  });
});
