import { expect, it } from 'vitest';
import { openMemoryStore } from '../stores/sqlite/testing/memory-store.ts';
import { testEvent } from '../testing/factories.ts';
import { knowSenders } from './known-senders.ts';

const sender = (id: string, productUniqueId: string, accountId = 'acc_1') => ({
  ...{ id, accountId, product: 'whatsapp' as const, productUniqueId, label: null, createdAt: 0 },
});
const event = (productUniqueId: string | null, accountId = 'acc_1') =>
  testEvent({ accountId, product: 'whatsapp', reportType: 'dlr', productUniqueId });

async function known() {
  const { directory } = openMemoryStore();
  for (const id of ['acc_1', 'acc_2']) await directory.createAccount({ id, name: id, createdAt: 0 });
  for (let i = 0; i < 501; i++) await directory.createSender(sender(`snd_${i}`, `9190000${1000 + i}`));
  return knowSenders(directory);
}

it('a number is matched by a sender of its account, one of many, in any spelling', async () => {
  const senders = await known();
  expect(senders.isUnmatched(event('91900001000'))).toBe(false);
  expect(senders.isUnmatched(event('91900001500'))).toBe(false);
  expect(senders.isUnmatched(event('+91 90000-1500'))).toBe(false);
  expect(senders.isUnmatched(event('91900001501'))).toBe(true);
  expect(senders.isUnmatched(event('91900001000', 'acc_2'))).toBe(true);
});

it('an event without a number, or of a product without any, is not unmatched', async () => {
  const senders = await known();
  expect(senders.isUnmatched(event(null))).toBe(false);
  expect(senders.isUnmatched(testEvent({ product: 'sms', productUniqueId: '1' }))).toBe(false);
});

it('senders that come and go are followed, and those of an account go with it', async () => {
  const { directory, isUnmatched } = await known();
  await directory.createSender(sender('snd_x', '16315558151', 'acc_2'));
  expect(isUnmatched(event('16315558151', 'acc_2'))).toBe(false);
  await directory.deleteSender('snd_x');
  expect(isUnmatched(event('16315558151', 'acc_2'))).toBe(true);
  await directory.deleteAccount('acc_1');
  expect(isUnmatched(event('91900001000'))).toBe(true);
});
