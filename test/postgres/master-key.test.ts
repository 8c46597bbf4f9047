import { afterEach, expect, it } from 'vitest';
import { createTestDatabases } from '../../src/stores/postgres/testing/databases.ts';
import { deriveKey } from '../../src/stores/secrets/master-key.ts';
import { eventually } from '../../src/testing/eventually.ts';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { createManualClock } from '../../src/testing/manual-clock.ts';

interface Sealing {
  readonly masterKeyId: string;
  readonly otherKeyIds: readonly string[];
}

const [older, newer] = ['a passphrase of before', 'a passphrase of today'] as const;
const minuteMs = 60_000;

const databases = createTestDatabases();
const gateways = new Set<GatewayFixture>();
const clock = createManualClock(Date.now());
afterEach(async () => {
  for (const gateway of gateways) await close(gateway);
});

async function open(current: string, previous?: string): Promise<GatewayFixture> {
  const env = {
    HOOKWIRE_DATABASE_URL: await databases.of('master-key'),
    HOOKWIRE_MASTER_KEY: current,
    ...(previous !== undefined && { HOOKWIRE_MASTER_KEY_PREVIOUS: previous }),
  };
  const gateway = await openGateway({ env, clock });
  gateways.add(gateway);
  return gateway;
}

async function close(gateway: GatewayFixture): Promise<void> {
  gateways.delete(gateway);
  await gateway[Symbol.asyncDispose]();
}

/** How the change stands when another minute has passed. */
async function aMinuteLater(gateway: GatewayFixture): Promise<Sealing> {
  clock.advance(minuteMs);
  return (await gateway.api<{ sealing: Sealing }>('GET', '/v1/gateway')).body.sealing;
}

it('a master key is named as needed while one of several gateways seals with it, and not afterwards', async () => {
  const needed = { masterKeyId: deriveKey(newer).id, otherKeyIds: [deriveKey(older).id] };
  const done = { masterKeyId: deriveKey(newer).id, otherKeyIds: [] };
  const before = await open(older);
  const accountId = await before.createAccount();
  await close(before);

  // It leads from here on, and is alone: nothing needs the older key.
  const first = await open(newer, older);
  await eventually(
    () => aMinuteLater(first),
    (sealing) => sealing.otherKeyIds.length === 0,
  );
  const behind = await open(older, newer);
  await eventually(
    () => aMinuteLater(first),
    (sealing) => sealing.otherKeyIds.length === 1,
  );
  const second = await open(newer, older);
  const webhook = await behind.createWebhook(accountId, { url: 'http://127.0.0.1:9/' });
  // Long enough to seal everything anew: each rest between two steps takes one of these minutes.
  for (let minute = 0; minute < 30; minute++) expect(await aMinuteLater(first)).toMatchObject(needed);

  await close(behind);
  await eventually(
    () => aMinuteLater(first),
    (sealing) => sealing.otherKeyIds.length === 0,
  );
  expect(await aMinuteLater(second)).toMatchObject(done);
  await close(second);
  await close(first);
  const alone = await open(newer);
  expect(await alone.secretOf(webhook.id)).toMatch(/^whsec_/);
});
