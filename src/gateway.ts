import type { Config } from './config/config.ts';
import type { Couriers } from './delivery/courier/couriers.ts';
import { followClock } from './delivery/follow-clock.ts';
import { isPortalBuilt } from './http/portal/directory.ts';
import { makeFirstOperatorKey } from './people/first-operator-key.ts';
import { createBasics, type GatewayOverrides } from './wiring/basics.ts';
import { beginRetention } from './wiring/begin-retention.ts';
import { beginTrustedClock } from './wiring/begin-trusted-clock.ts';
import { beginUpkeep } from './wiring/begin-upkeep.ts';
import { buildDelivery } from './wiring/build-delivery.ts';
import { buildEgress } from './wiring/build-egress.ts';
import { buildErasures } from './wiring/build-erasures.ts';
import { buildHttp } from './wiring/build-http.ts';
import { buildIntake } from './wiring/build-intake.ts';
import { buildMetrics } from './wiring/build-metrics.ts';
import { buildPeople } from './wiring/build-people.ts';
import { buildWatching } from './wiring/build-watching.ts';
import { connectProcesses } from './wiring/connect-processes.ts';
import { loadKnown } from './wiring/load-known.ts';
import { openStore } from './wiring/open-store.ts';
import { readSurroundings } from './wiring/read-surroundings.ts';
import { shareWork } from './wiring/share-work.ts';

export type { GatewayOverrides } from './wiring/basics.ts';

/** A gateway that is serving. */
export interface Gateway extends AsyncDisposable {
  /** `http://127.0.0.1:8080`, with the real port. */
  readonly url: string;
  /** The operator's key that the first start made; shown once. */
  readonly firstOperatorKey: string | null;
  /** Where the first operator sets the portal up; `null` when there is one. Each start makes a new one. */
  readonly setupLink: string | null;
  /** There is an account besides the operator's. */
  readonly hasAccounts: boolean;
  /** There are pages for the browser. */
  readonly hasPortal: boolean;
  readonly dispatcher: Pick<Couriers, 'status'>;
  /** Resolves when the gateway cannot go on by itself. */
  readonly failed: Promise<Error>;
  /**
   * Says that it is not ready, and takes events until the deliveries under way have ended or `delivery.shutdownTimeoutMs`
   * is near; then closes the port, answers what was sent to it, closes the store. A part that hangs is left behind 5 s later.
   * Once {@link Gateway.failed} has resolved only calls get a moment to be answered, and all is over within 3 s, or that
   * timeout where it is shorter.
   */
  close(): Promise<void>;
}

/**
 * The composition root: builds the parts in an order in which each needs only those before it (`wiring/`), starts them, and
 * takes them apart in reverse order.
 * @throws when the port or the data directory is taken, or the master key is not the one that the data was sealed with
 */
export async function createGateway(config: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  await using stack = new AsyncDisposableStack();
  const basics = createBasics(config, overrides, stack);
  const { clock, log, life } = basics;

  const surroundings = readSurroundings(basics);
  const opened = await openStore(basics, surroundings);
  const kept = { ...opened, ...connectProcesses(basics, opened) };
  const known = await loadKnown(basics, kept);
  const { trusted } = await beginTrustedClock(basics, kept);
  const upkeep = await beginUpkeep(basics, { ...kept, trusted });
  const intake = buildIntake(basics, { ...kept, ...known });
  const egress = buildEgress(basics, surroundings);
  const watching = buildWatching(basics, { ...kept, ...known, ...intake, ...egress });
  const delivery = await buildDelivery(basics, {
    ...surroundings,
    ...kept,
    ...known,
    ...egress,
    ...watching,
  });
  const { retention } = beginRetention(basics, { ...kept, ...known, ...delivery, trusted });
  const metrics = buildMetrics(basics, {
    ...{ ...kept, ...intake, ...egress, ...watching, ...delivery, retention, trusted },
  });
  const { people, ...peopleParts } = buildPeople(basics, { ...kept, ...known, ...egress });
  const { erasures } = buildErasures(basics, {
    ...{ ...kept, ...known, ...watching, ...delivery, ...peopleParts },
  });
  const server = buildHttp(basics, {
    ...{ ...surroundings, ...kept, ...known, ...upkeep, ...intake, ...egress },
    ...{ ...watching, ...delivery, retention, trusted, erasures, metrics, people, ...peopleParts },
  });

  const { store } = kept;
  const { couriers, recovery, attemptNews } = delivery;
  couriers.observe(metrics, recovery, ...(attemptNews ? [attemptNews] : []), intake.waiting);
  couriers.observe(...watching.ofDeliveries);
  await recovery.load();
  // The store is asked what waits before the first call can come, and answers in the order of the questions.
  await couriers.start();
  const takenUp = couriers.takenUp();
  takenUp.catch(() => {});
  const { url } = await server.listen(config.http.host, config.http.port, config.http.inheritedSocket);
  peopleParts.reachedAt(url);
  await store.sealing.begin(clock.now());
  upkeep.resealing.start();
  const setupLink = await people.issueSetUpLink();
  await takenUp;
  await shareWork(basics, { ...kept, ...delivery });
  await watching.health.catchUp();
  recovery.start();
  retention.start();
  await erasures.start();
  life.takenUp();
  stack.defer(followClock({ clock, deliveryLog: store.log, dispatcher: couriers, log }));
  // Last, since a start that fails does not show it.
  const firstOperatorKey =
    config.secrets.operatorKey === null ? await makeFirstOperatorKey(store.directory, clock.now()) : null;

  const parts = stack.move();
  const close = () => life.close(parts);
  return {
    url,
    firstOperatorKey,
    setupLink,
    hasAccounts: known.accounts.count > 1,
    hasPortal: isPortalBuilt(),
    dispatcher: couriers,
    failed: life.died,
    close,
    [Symbol.asyncDispose]: close,
  };
}
