import { afterAll, beforeAll, describe, it } from 'vitest';
import { type GatewayFixture, openGateway } from '../../src/testing/gateway-fixture.ts';
import { asOftenAsItTakes, checks } from './checks.ts';
import { npmKinds } from './kinds.ts';
import { makePlace } from './real-server.ts';

// The servers that come with npm; `node test/servers/run.ts` plays with all that the machine has.

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await openGateway({ env: asOftenAsItTakes });
});
afterAll(() => gateway[Symbol.asyncDispose]());

describe.each(npmKinds)('$name', (kind) => {
  it.each(checks)('$what', async ({ check }) => {
    await using place = await makePlace();
    await using server = await kind.start(place);
    if (server) await check({ gateway, kind, server, place });
  });
});
