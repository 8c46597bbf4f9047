import { afterAll, beforeAll, expect } from 'vitest';
import type { ReceivedRequest } from '../../src/receiver/receiver.ts';
import type { GatewayFixture } from '../../src/testing/gateway-fixture.ts';
import type { ManualClock } from '../../src/testing/manual-clock.ts';
import type { Receiver } from '../../src/testing/receiver/receiver.ts';
import { openStage, type Stage } from '../delivery/stage.ts';
import { type Look, openVisitor, sharedBrowser, type Visitor } from './browser.ts';

/** The live stream gathers for 50 ms of the gateway's time. */
const gatheringMs = 100;

export const password = 'correct horse battery';

/** A gateway with its portal, and browsers that visit it. */
export interface PortalStage {
  readonly clock: ManualClock;
  readonly gateway: GatewayFixture;
  readonly stage: Stage;
  /** The next request at an endpoint, once its answer is on disk and the live stream has told of it. */
  next(receiver: Receiver): Promise<ReceivedRequest>;
  /** Nobody yet. */
  visitor(look?: Look): Promise<Visitor>;
  /** Somebody of this role, signed in; `accountId: null` for an operator. */
  signedIn(role: string, accountId: string | null, look?: Look): Promise<Visitor>;
}

/** Opens a stage for all tests of a file. */
export function usePortal(): () => PortalStage {
  let portal: PortalStage | undefined;
  const stack = new AsyncDisposableStack();

  beforeAll(async () => {
    const browser = await sharedBrowser();
    const stage = stack.use(await openStage());
    const { gateway } = stage;
    let people = 0;

    async function visitor(look?: Look): Promise<Visitor> {
      return stack.use(await openVisitor(browser, gateway.gateway.url, look));
    }

    portal = {
      clock: stage.clock,
      gateway,
      stage,
      async next(receiver) {
        const request = await receiver.next();
        await gateway.idle();
        stage.clock.advance(gatheringMs);
        return request;
      },
      visitor,
      async signedIn(role, accountId, look) {
        const email = `${role}-${++people}@example.com`;
        const body = { email, name: `Some ${role}`, role, ...(accountId !== null && { accountId }) };
        const invited = await gateway.api<{ link: string }>('POST', '/v1/people', body);
        expect(invited.status).toBe(201);
        const somebody = await visitor(look);
        const token = new URL(invited.body.link).hash.replace('#token=', '');
        const entered = await somebody.context.request.post('/v1/session/password', {
          data: { token, password },
          headers: { 'hookwire-csrf': '1', origin: gateway.gateway.url },
        });
        expect(entered.status()).toBe(200);
        await somebody.page.goto('/');
        return somebody;
      },
    };
  });

  afterAll(() => stack.disposeAsync());

  return () => {
    if (!portal) throw new Error('The stage is not open.');
    return portal;
  };
}
