import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../testing/catalog.ts';
import { attemptOf, deliveryOf, detailOf } from '../../testing/delivery.ts';
import { type Answers, playGateway } from '../../testing/gateway.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { webhookOf } from '../../testing/webhook.ts';
import { DeliveriesPage } from './deliveries-page.tsx';

const webhook = webhookOf({ id: 'wh_1', url: 'https://example.com/dlr' });
const failed = deliveryOf({
  id: 'dlv_00000000002',
  webhookId: 'wh_1',
  messageId: 'm2',
  state: 'failed',
  stateReason: 'attempts_exhausted',
  statusCode: 503,
  errorClass: 'status',
});
const delivered = deliveryOf({ id: 'dlv_00000000001', webhookId: 'wh_1', messageId: 'm1' });
const request = {
  method: 'POST',
  url: 'https://example.com/dlr',
  headers: [['webhook-id', 'dlv_00000000002']],
  body: 'msg_id=m2',
  exact: false,
  note: 'The secret was changed since.',
};

/** A live stream that the test speaks through. */
function liveStream() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  return {
    response: () => new Response(readable),
    say: (delivery: object) =>
      writer.write(new TextEncoder().encode(`event: delivery\ndata: ${JSON.stringify(delivery)}\n\n`)),
  };
}

async function open(search = '', answers: Answers = {}, role: 'owner' | 'viewer' = 'owner') {
  const calls = playGateway({
    'GET /v1/deliveries': () => ({ data: [failed, delivered], nextCursor: null }),
    'GET /v1/deliveries/dlv_00000000002': () => detailOf(failed, [attemptOf()]),
    'GET /v1/deliveries/dlv_00000000001': () => detailOf(delivered, []),
    'GET /v1/deliveries/dlv_00000000002/attempts/1/request': () => request,
    'GET /v1/webhooks': () => ({ data: [webhook], nextCursor: null }),
    'GET /v1/webhooks/wh_1': () => webhook,
    'GET /v1/catalog': () => catalog,
    'GET /v1/live': () => new Response(new TransformStream().readable),
    ...answers,
  });
  const page = await renderPage({
    path: '/a/$accountId/deliveries',
    at: `/a/acc_1/deliveries${search}`,
    page: DeliveriesPage,
    role,
  });
  return { ...page, calls };
}

const detail = () => screen.findByRole('region', { name: 'Delivery' });

describe('the deliveries', () => {
  it('are asked for with the filters of the URL, and show what the endpoint answered', async () => {
    const { calls } = await open('?state=failed&statusCode=503&from=2026-11-22T10:00:00.000Z');
    const row = (await screen.findByRole('link', { name: 'm2' })).closest('tr');
    expect(row?.textContent).toContain('Failed');
    expect(row?.textContent).toContain('example.com/dlr');
    expect(row?.textContent).toContain('503');
    const asked = calls.find(({ path }) => path === '/v1/deliveries');
    expect(Object.fromEntries(asked?.search ?? [])).toMatchObject({
      accountId: 'acc_1',
      state: 'failed',
      statusCode: '503',
      from: '2026-11-22T10:00:00.000Z',
    });
  });

  it('say that a number is taken for a part of one', async () => {
    const message = '5678 is taken for a part of a number.';
    const warnings = [{ code: 'partial_number', path: 'mobileNumber', message }];
    await open('?mobileNumber=5678', {
      'GET /v1/deliveries': () => ({ data: [delivered], nextCursor: null, warnings }),
    });
    expect(await screen.findByText(message)).toBeDefined();
    expect(screen.getByRole('link', { name: 'm1' })).toBeDefined();
  });

  it('say at their end how long they are kept', async () => {
    const time = { own: null, ofAll: 400, since: '2025-10-18T10:00:00.000Z' };
    const retention = { accountId: 'acc_1', log: { days: 400, ...time }, payload: time, audit: time };
    await open('', { 'GET /v1/retention': () => retention });
    expect(await screen.findByText(/These are all 2\. Deliveries are kept for 400 days\./)).toBeDefined();
  });

  it('say that none matches, and go on without the filters', async () => {
    const { user, router } = await open('?messageId=nope', {
      'GET /v1/deliveries': ({ search }) => ({
        data: search.has('messageId') ? [] : [delivered],
        nextCursor: null,
      }),
    });
    expect(await screen.findByText('No delivery matches')).toBeDefined();
    await user.click(screen.getAllByRole('button', { name: 'Clear filters' })[0] as HTMLElement);
    expect(await screen.findByRole('link', { name: 'm1' })).toBeDefined();
    expect(router.state.location.search).toEqual({});
  });

  it('say that there are none yet', async () => {
    await open('', { 'GET /v1/deliveries': () => ({ data: [], nextCursor: null }) });
    expect(await screen.findByText('No deliveries yet')).toBeDefined();
  });

  it('go on looking where the gateway has not looked at all of them', async () => {
    const { user } = await open('?messageId=m1', {
      'GET /v1/deliveries': ({ search }) => {
        const place = Number(search.get('cursor') ?? 0);
        return place === 7
          ? { data: [delivered], nextCursor: null }
          : { data: [], nextCursor: `${place + 1}` };
      },
    });
    expect(await screen.findByText('None found so far')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Go on looking' }));
    expect(await screen.findByRole('link', { name: 'm1' })).toBeDefined();
  });

  it('tell what failed, and try again', async () => {
    let fails = true;
    const problem = { status: 422, code: 'invalid_input', title: 'Invalid', detail: 'No such state.' };
    const { user } = await open('', {
      'GET /v1/deliveries': () =>
        fails ? Response.json(problem, { status: 422 }) : { data: [delivered], nextCursor: null },
    });
    expect((await screen.findByRole('alert')).textContent).toContain('No such state.');
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('link', { name: 'm1' })).toBeDefined();
  });
});

describe('a delivery beside the list', () => {
  it('opens with its attempts: answer with advice, and the request as sent', async () => {
    const { user, router } = await open();
    await user.click(await screen.findByRole('link', { name: 'm2' }));
    const shown = await detail();
    expect(router.state.location.search).toEqual({ delivery: 'dlv_00000000002' });
    expect(await within(shown).findByText('The status code does not count as delivered')).toBeDefined();
    expect(within(shown).getByRole('region', { name: 'Body of the answer, attempt 1' }).textContent).toBe(
      'busy',
    );
    const body = await within(shown).findByRole('region', { name: 'Body of the request, attempt 1' });
    expect(body.textContent).toBe('msg_id=m2');
    expect(within(shown).getByText('The secret was changed since.')).toBeDefined();
    expect(screen.getByRole('link', { name: 'm1' })).toBeDefined();
  });

  it('whose contents are gone says until when they were kept, and is neither sent nor shown again', async () => {
    const cut = {
      ...detailOf({ ...failed, contents: 'cut', mobileNumber: '••••5678' }, [
        attemptOf({ responseBody: null }),
      ]),
      contentsKeptUntil: '2020-05-03T12:00:00.000Z',
    };
    const { calls } = await open('?delivery=dlv_00000000002', {
      'GET /v1/deliveries/dlv_00000000002': () => cut,
    });
    const shown = within(await detail());
    expect(await shown.findByText(/Its contents were kept until 3 May 2020\./)).toBeDefined();
    expect(shown.getByText('••••5678')).toBeDefined();
    expect(shown.getByRole('button', { name: 'Replay' })).toHaveProperty('disabled', true);
    expect(shown.getByText('Its body is no longer kept.')).toBeDefined();
    expect(shown.getByText(/cannot be shown any more/)).toBeDefined();
    expect(calls.some(({ path }) => path.endsWith('/request'))).toBe(false);
  });

  it('is that of the URL, also where the list does not have it', async () => {
    await open('?delivery=dlv_00000000002', {
      'GET /v1/deliveries': () => ({ data: [], nextCursor: null }),
    });
    expect(await within(await detail()).findByText('m2')).toBeDefined();
  });

  it('is gone through, replayed and closed with the keys', async () => {
    const { user, router, calls } = await open('', {
      'POST /v1/deliveries/dlv_00000000001/replay': () => ({ ...delivered, state: 'pending' }),
    });
    await screen.findByRole('link', { name: 'm2' });
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('m2'));
    await user.keyboard('{Enter}');
    await detail();
    await user.keyboard('{ArrowDown}');
    await waitFor(() => expect(router.state.location.search).toEqual({ delivery: 'dlv_00000000001' }));
    await user.keyboard('r');
    await screen.findByText('Queued');
    expect(calls.some(({ path }) => path === '/v1/deliveries/dlv_00000000001/replay')).toBe(true);
    expect(screen.getByRole('link', { name: 'm1' }).closest('tr')?.textContent).toContain('Pending');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(router.state.location.search).toEqual({}));
    expect(screen.queryByRole('region', { name: 'Delivery' })).toBeNull();
  });

  it('is as new in the list as beside it', async () => {
    await open('?delivery=dlv_00000000002&to=2026-11-22T11:00:00.000Z', {
      'GET /v1/deliveries/dlv_00000000002': () =>
        detailOf({ ...failed, state: 'delivered', attemptCount: 2 }, [attemptOf(), attemptOf({ number: 2 })]),
    });
    const row = (await screen.findByRole('link', { name: 'm2' })).closest('tr') as HTMLElement;
    expect(await within(row).findByText('Delivered')).toBeDefined();
  });

  it('explains its keys', async () => {
    const { user } = await open();
    await screen.findByRole('link', { name: 'm2' });
    await user.keyboard('?');
    expect(within(await screen.findByRole('dialog')).getByText('Send the delivery again, now')).toBeDefined();
  });

  it('cannot be replayed by a viewer', async () => {
    const { user, calls } = await open('?delivery=dlv_00000000002', {}, 'viewer');
    await within(await detail()).findByText('m2');
    await user.keyboard('r');
    expect(screen.queryByRole('button', { name: /replay/i })).toBeNull();
    expect(calls.some(({ method }) => method === 'POST')).toBe(false);
  });
});

describe('the live tail', () => {
  it('shows new ones at the top, and keeps them back while somebody reads', async () => {
    const live = liveStream();
    const { user } = await open('', { 'GET /v1/live': live.response });
    await screen.findByText('New ones appear here');
    await live.say(deliveryOf({ id: 'dlv_00000000003', messageId: 'm3' }));
    expect(await screen.findByRole('link', { name: 'm3' })).toBeDefined();
    expect(screen.getAllByRole('link', { name: /^m\d$/ })[0]?.textContent).toBe('m3');

    await user.click(screen.getByRole('link', { name: 'm1' }));
    expect(await screen.findByText('Paused while you read')).toBeDefined();
    await live.say(deliveryOf({ id: 'dlv_00000000004', messageId: 'm4' }));
    const more = await screen.findByRole('button', { name: '1 new' });
    expect(screen.queryByRole('link', { name: 'm4' })).toBeNull();
    await user.click(more);
    expect(await screen.findByRole('link', { name: 'm4' })).toBeDefined();
  });

  it('changes the state of a shown one in place, while somebody reads too', async () => {
    const live = liveStream();
    const { user } = await open('?state=failed', { 'GET /v1/live': live.response });
    await user.click(await screen.findByRole('link', { name: 'm2' }));
    await screen.findByText('Paused while you read');
    await live.say({ ...failed, state: 'delivered', attemptCount: 2, errorClass: null, statusCode: 200 });
    const row = screen.getByRole('link', { name: 'm2' }).closest('tr') as HTMLElement;
    expect(await within(row).findByText('Delivered')).toBeDefined();
  });

  it('is off where the time range has ended', async () => {
    const { calls } = await open('?to=2026-11-22T10:00:00.000Z');
    await screen.findByRole('link', { name: 'm2' });
    expect(screen.getByText('The time range has ended')).toBeDefined();
    expect(calls.some(({ path }) => path === '/v1/live')).toBe(false);
  });
});

describe('a replay of what matches', () => {
  const task = {
    id: 'task_1',
    accountId: 'acc_1',
    kind: 'replay',
    filter: {},
    states: ['failed'],
    state: 'running',
    reason: null,
    total: 4,
    done: 1,
    failed: 1,
    skipped: 0,
    createdAt: '2026-11-22T10:15:30.000Z',
    finishedAt: null,
  };

  it('asks first, names how many, and then shows how far it is, to be cancelled', async () => {
    const { user, calls, router } = await open('?webhookId=wh_1&from=2026-11-22T10:00:00.000Z', {
      'POST /v1/deliveries/replay': () => ({ taskId: 'task_1' }),
      'GET /v1/tasks/task_1': () => task,
      'POST /v1/tasks/task_1/cancel': () => ({ ...task, state: 'cancelled' }),
    });
    await screen.findByRole('link', { name: 'm2' });
    await user.click(screen.getByRole('button', { name: 'Replay what matches' }));
    await user.click(await screen.findByRole('button', { name: 'Send 2 failed deliveries again' }));
    expect(await screen.findByText('1 of 4 delivered, 1 failed')).toBeDefined();
    expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
      accountId: 'acc_1',
      webhookId: 'wh_1',
      state: 'failed',
      from: '2026-11-22T10:00:00.000Z',
    });
    expect(router.state.location.search).toMatchObject({ task: 'task_1', webhookId: 'wh_1' });
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(calls.some(({ path }) => path.endsWith('/cancel'))).toBe(true));
  });

  it('shows what has become of a list that is not live, once it has ended', async () => {
    let ended = false;
    await open('?task=task_1&to=2026-11-22T11:00:00.000Z', {
      'GET /v1/tasks/task_1': () => ({ ...task, state: ended ? 'done' : 'running' }),
      'GET /v1/deliveries': () => ({
        data: [ended ? { ...failed, state: 'delivered', attemptCount: 2 } : failed],
        nextCursor: null,
      }),
    });
    const row = (await screen.findByRole('link', { name: 'm2' })).closest('tr') as HTMLElement;
    await screen.findByText('Sending again');
    expect(within(row).getByText('Failed')).toBeDefined();
    ended = true;
    expect(await within(row).findByText('Delivered')).toBeDefined();
  });

  it('is not possible for deliveries that go on by themselves', async () => {
    const { user } = await open('?state=retrying');
    await screen.findByRole('link', { name: 'm2' });
    await user.click(screen.getByRole('button', { name: 'Replay what matches' }));
    expect(within(await screen.findByRole('dialog')).getByText(/go on by themselves/)).toBeDefined();
  });
});
