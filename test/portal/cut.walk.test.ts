import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../../src/testing/eventually.ts';
import { createReceiver } from '../../src/testing/receiver/receiver.ts';
import { usePortal } from './portal-stage.ts';
import { smsReport } from './reports.ts';

const portal = usePortal();
const day = 86_400_000;

it('What was cut says why it is gone, what is left, and how what still waited has ended', async () => {
  const { gateway, signedIn, clock, next } = portal();
  const accountId = await gateway.createAccount();
  const keep = { payloadDays: 1, logDays: 3 };
  await gateway.api('PATCH', `/v1/accounts/${accountId}`, { keep });
  await using receiver = await createReceiver();
  await gateway.createWebhook(accountId, { url: receiver.url });
  const paused = await gateway.createWebhook(accountId, { url: `${receiver.url}/paused` });
  await gateway.api('POST', `/v1/webhooks/${paused.id}/disable`);
  const accepted = await gateway.accept(smsReport(accountId, 'm-1'));
  const eventId = accepted.events[0]?.id ?? '';
  await next(receiver);
  const pass = async <T>(ask: () => Promise<T>, until: (answer: T) => boolean): Promise<T> =>
    eventually(async () => {
      clock.advance(1_000);
      await setImmediate();
      return ask();
    }, until);
  clock.skip(day);
  await pass(
    async () => (await gateway.api<{ contents: string }>('GET', `/v1/events/${eventId}`)).body.contents,
    (contents) => contents === 'cut',
  );

  const { page, complaints } = await signedIn('operator', null);
  await page.goto(`/a/${accountId}/events/${eventId}`);
  await page.getByText('Its contents are gone').waitFor();
  await page.getByText(/What is left: ids, times, states/).waitFor();
  await page.getByText('••••5678').waitFor();
  expect(await page.getByRole('button', { name: 'Copy mobile number' }).count()).toBe(0);
  await page.getByText('what still waits for it is sent when it is enabled').waitFor();

  await page.goto(`/a/${accountId}/deliveries?mobileNumber=919812345678&state=failed`);
  await page.getByText('m-1').first().click();
  await page.getByText('It still waited when its contents had been kept for as long as').waitFor();
  expect(await page.getByRole('button', { name: 'Replay', exact: true }).isDisabled()).toBe(true);

  clock.skip(2 * day);
  await pass(
    () => gateway.api('GET', `/v1/events/${eventId}`),
    ({ status }) => status === 404,
  );
  const { page: later, complaints: others } = await signedIn('operator', null);
  await later.goto(`/a/${accountId}/events/${eventId}`);
  await later.getByText('the log is kept for 3 days').waitFor();
  await later.goto(`/a/${accountId}/deliveries`);
  await later.getByText('No deliveries yet').waitFor();
  await later.getByText('Deliveries are kept for 3 days.').waitFor();
  expect(complaints).toEqual([]);
  expect(others.filter((complaint) => !complaint.includes('404'))).toEqual([]);
});
