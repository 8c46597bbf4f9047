import type { AfterAttempt, AttemptRecord, ErrorClass, QueuedDelivery } from '../../src/core/delivery.ts';
import type { Event } from '../../src/core/event.ts';
import type { ProductId, ReportType } from '../../src/core/products/product.ts';
import { createSecret } from '../../src/rendering/signing-secret.ts';
import type { OpenStore } from '../../src/stores/conformance/open-store.ts';
import { testEvent, testWebhook } from '../../src/testing/factories.ts';

/** What is filled. */
export type FilledStore = Pick<OpenStore, 'log' | 'directory'>;

/** Time that the store is to take for now; moved on with every event. */
export interface FillClock {
  at: number;
}

export interface FilledAccount {
  readonly id: string;
  readonly webhooks: readonly {
    readonly id: string;
    readonly product: ProductId;
    readonly reportType: ReportType;
  }[];
}

/** What a search may look for. */
export interface Filled {
  /** The first has half of all traffic, the last no failures. */
  readonly accounts: readonly FilledAccount[];
  /** Events picked evenly from all of the time. */
  readonly samples: readonly Event[];
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface FillOptions {
  readonly deliveries: number;
  readonly accounts: number;
  readonly days: number;
  /** Called some hundred times. */
  readonly onProgress: (deliveries: number) => void;
}

const batch = 1_000;
const dayMs = 86_400_000;
const campaign = 1_000;

/** The same numbers in every run, so that runs can be compared (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Fills a store through its own API with what a busy platform has after some days: 80 % SMS reports, 19 % WhatsApp
 * reports, 1 % inbound messages; 1.5 % that did not go well at once.
 */
export async function fillHistory(
  store: FilledStore,
  clock: FillClock,
  options: FillOptions,
): Promise<Filled> {
  const random = createRandom(2);
  const accounts = await createAccounts(store, clock, options.accounts);
  const startedAt = clock.at;
  const step = (options.days * dayMs) / options.deliveries;
  const samples: Event[] = [];
  let accepted: readonly QueuedDelivery[] = [];
  let made = 0;
  let delivered = 0;
  store.log.onAccepted((deliveries) => {
    accepted = [...accepted, ...deliveries];
  });

  while (delivered < options.deliveries) {
    const entries = Array.from({ length: batch }, () => {
      const account = accounts[random() < 0.5 ? 0 : Math.floor(random() * accounts.length)];
      if (!account) throw new Error('There is no account.');
      const event = eventOf(account, made++, startedAt + made * step, random);
      if (made % 997 === 0) samples.push(event);
      return { event, ownId: null, webhookIds: webhooksOf(account, event) };
    });
    clock.at = Math.floor(startedAt + made * step);
    await store.log.append(entries);
    const toRecord = accepted;
    accepted = [];
    delivered += toRecord.length;
    await recordAll(store, toRecord, clock.at, accounts.at(-1)?.id ?? '', random);
    options.onProgress(delivered);
  }
  return { accounts, samples, startedAt, endedAt: clock.at };
}

async function createAccounts(store: FilledStore, clock: FillClock, count: number): Promise<FilledAccount[]> {
  const kinds = [
    { product: 'sms', reportType: 'dlr' },
    { product: 'whatsapp', reportType: 'dlr' },
    { product: 'whatsapp', reportType: 'mo' },
  ] as const;
  const accounts: FilledAccount[] = [];
  for (let i = 0; i < count; i++) {
    const id = `acc_bench${i}`;
    await store.directory.createAccount({ id, name: `Customer ${i}`, createdAt: clock.at });
    const webhooks = kinds.map((kind, k) => ({ ...kind, id: `wh_bench${i}x${k}` }));
    for (const webhook of webhooks) {
      const secret = { secret: createSecret(), expiresAt: null };
      await store.directory.createWebhook(testWebhook({ ...webhook, accountId: id }), secret);
    }
    accounts.push({ id, webhooks });
  }
  return accounts;
}

function eventOf(account: FilledAccount, n: number, at: number, random: () => number): Event {
  const kind = random();
  const common = {
    accountId: account.id,
    transactionId: `txn-${Math.floor(n / campaign)}`,
    mobileNumber: `9198${String(Math.floor(random() * 200_000)).padStart(8, '0')}`,
    receivedTime: Math.floor(at),
  };
  if (kind < 0.8)
    return testEvent({ ...common, messageId: `sms-${n}`, deliveredTime: Math.floor(at) + 3_000 });
  const whatsapp = { ...common, product: 'whatsapp', productUniqueId: '919999999999', part: null } as const;
  if (kind < 0.99) return testEvent({ ...whatsapp, messageId: `wamid.${n}` });
  const message = '{"type":"text","text":{"body":"Hi! Is it still available?"}}';
  return testEvent({ ...whatsapp, messageId: `wamid.mo.${n}`, reportType: 'mo', status: null, message });
}

function webhooksOf(account: FilledAccount, event: Event): string[] {
  return account.webhooks
    .filter(({ product, reportType }) => product === event.product && reportType === event.reportType)
    .map(({ id }) => id);
}

/** Resolves when all are on disk. */
async function recordAll(
  store: FilledStore,
  deliveries: readonly QueuedDelivery[],
  now: number,
  luckyAccount: string,
  random: () => number,
): Promise<void> {
  let left = deliveries.length;
  const onDisk = Promise.withResolvers<void>();
  const settle = (): void => {
    if (--left === 0) onDisk.resolve();
  };
  for (const delivery of deliveries) {
    const outcome = outcomeOf(delivery.event.accountId === luckyAccount ? 1 : random(), now);
    if (outcome) store.log.record(recordOf(delivery, now, outcome), settle);
    else settle();
  }
  await onDisk.promise;
}

interface Outcome {
  readonly statusCode: number | null;
  readonly errorClass: ErrorClass | null;
  readonly after: AfterAttempt;
}

/** `null`: it stays pending. */
function outcomeOf(chance: number, now: number): Outcome | null {
  const failed = { state: 'failed', reason: 'attempts_exhausted' } as const;
  if (chance < 0.008) return { statusCode: 500, errorClass: 'status', after: failed };
  if (chance < 0.01) return { statusCode: 404, errorClass: 'status', after: failed };
  if (chance < 0.011) return { statusCode: null, errorClass: 'timeout_headers', after: failed };
  if (chance < 0.0111) return { statusCode: null, errorClass: 'dns', after: failed };
  if (chance < 0.012) {
    return { statusCode: 503, errorClass: 'status', after: { state: 'retrying', dueAt: now + 3_600_000 } };
  }
  if (chance < 0.013) {
    return { statusCode: null, errorClass: 'reset', after: { state: 'skipped', reason: 'outdated' } };
  }
  if (chance < 0.015) return null;
  return { statusCode: 200, errorClass: null, after: { state: 'delivered' } };
}

function recordOf(delivery: QueuedDelivery, now: number, outcome: Outcome): AttemptRecord {
  return {
    deliveryId: delivery.id,
    webhookId: delivery.webhookId,
    webhookVersion: 1,
    number: 1,
    manual: false,
    startedAt: now,
    durationMs: 40,
    errorDetail: outcome.errorClass && 'The endpoint did not take it.',
    responseBody: outcome.statusCode === null ? null : 'OK',
    ordered: delivery.ordered,
    ...outcome,
  };
}
