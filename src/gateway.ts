import { createAuditLog } from './audit/audit-log.ts';
import { createBoundedClose } from './close-within.ts';
import { authorityWarnings } from './config/authorities-file.ts';
import type { Config } from './config/config.ts';
import { createKey, hashKey, sameHash } from './core/api-key.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { randomId } from './core/ids.ts';
import { openFilesLimit } from './core/open-files.ts';
import { operatorAccountId } from './core/operator-account.ts';
import { createPlaces } from './core/places.ts';
import { version } from './core/version.ts';
import type { Couriers } from './delivery/courier/couriers.ts';
import { egressOf, shownProxy } from './delivery/egress/egress-of.ts';
import { followClock } from './delivery/follow-clock.ts';
import { inFlightLimit } from './delivery/in-flight-limit.ts';
import { operatorConnect } from './delivery/names/operator-connect.ts';
import type { Resolve } from './delivery/names/stand-in.ts';
import { createSending } from './delivery/sending.ts';
import { createTrial } from './delivery/trial.ts';
import { createOverview } from './history/gateway-overview.ts';
import { portalLinkSessions } from './http/callers/portal-link-caller.ts';
import { isPortalBuilt, portalDirectory } from './http/portal/directory.ts';
import { createHttpServer } from './http/server.ts';
import type { Services } from './http/services.ts';
import { createIntake, mostCharactersQueued } from './intake/accept.ts';
import { createAdmission } from './intake/admission.ts';
import { createIntakeRoom } from './intake/room.ts';
import { createWaitingCounts } from './intake/waiting-counts.ts';
import type { OidcProvider } from './portal/better-auth.ts';
import { connectOidc } from './portal/connect-oidc.ts';
import type { Passwords } from './portal/passwords.ts';
import { createPortal } from './portal/portal.ts';
import { createPortalLinks } from './portal/portal-links.ts';
import { createRecovery } from './recover/recovery.ts';
import { createSecret } from './rendering/signing-secret.ts';
import { knowAccounts } from './routing/known-accounts.ts';
import { knowSenders } from './routing/known-senders.ts';
import { createWebhookRegistry, type WebhookRegistry } from './routing/registry.ts';
import { createEventReceiver } from './sources/http-api/receive-events.ts';
import { startCouriers } from './start-couriers.ts';
import type { Directory } from './stores/ports/directory.ts';
import { createCipher } from './stores/secrets/cipher.ts';
import { deriveSecret } from './stores/secrets/master-key.ts';
import { loadMasterKey } from './stores/secrets/master-key-file.ts';
import { openSqliteStore } from './stores/sqlite/open.ts';
import { createEgressWatch } from './telemetry/egress-watch.ts';
import { createLog, type Log } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createRefusedHosts } from './telemetry/refused-hosts.ts';
import { createShortages } from './telemetry/shortages.ts';
import { openTraces } from './telemetry/traces/traces.ts';
import { createWideLines } from './telemetry/wide-lines.ts';
import { createWriteTroubles } from './telemetry/write-troubles.ts';
import { forgetKeptAnswers } from './upkeep/forget-kept-answers.ts';
import { createResealing } from './upkeep/resealing.ts';
import { wipeDeletedSecrets } from './upkeep/wipe-deleted-secrets.ts';
import { createBreakerMemory } from './watching/breaker-memory.ts';
import { createFailedDeliveries } from './watching/failed-deliveries.ts';
import { createLearntPaces } from './watching/learnt-paces.ts';
import { createLiveHub } from './watching/live.ts';
import { createOperationalEvents } from './watching/operational-events.ts';
import { createStats } from './watching/stats/stats.ts';
import { createWebhookHealth } from './watching/webhook-health.ts';

/** What tests replace. */
export interface GatewayOverrides {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log?: Log;
  /** Stands in for DNS. */
  readonly resolve?: Resolve;
  /** Certificates (PEM) to trust instead of the public authorities. */
  readonly ca?: string;
  /** Stands in for the slow hash of passwords. */
  readonly passwords?: Passwords;
}

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

/** Of the time for stopping, so much is kept for the calls under way when the deliveries have had theirs. */
const lastCallsMs = 2_000;
/** How long clients with idle connections are given to hear that they should come back on others. */
const noticeMs = 500;
/** How long the parts may take to close when nothing is under way any more: the store's last commits, mostly. */
const closingMs = 5_000;
/** When the store has died nothing that is under way can be recorded; calls under way get their errors. */
const answeringMs = 1_000;
const leavingMs = 3_000;

/**
 * The composition root: builds every part, connects them, and takes them apart in reverse order.
 * @throws when the port or the data directory is taken, or the master key is not the one that the data was sealed with
 */
export async function createGateway(config: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLog(config.log.level);
  const failure = Promise.withResolvers<Error>();
  const lines = createWideLines(log);
  const state = { takenUp: false, stopping: false, failed: false };
  const bounded = createBoundedClose(clock);
  await using stack = new AsyncDisposableStack();

  let couriers: Couriers | null = null;
  const onDeath = (error: Error): void => {
    if (state.failed) return;
    state.failed = true;
    log.fatal({ err: error }, 'A thread died, so Hookwire ends. What was acknowledged is on disk.');
    bounded.hurry(Math.min(leavingMs, config.delivery.shutdownTimeoutMs));
    couriers?.fail(error);
    failure.resolve(error);
  };
  const egress = egressOf(config, overrides.ca);
  for (const warning of authorityWarnings(egress.authorities, clock.now())) log.warn(warning);
  const masterKey = await loadMasterKey(config.secrets.masterKey, config.storage.dataDir, (warning) =>
    log.warn(warning),
  );
  const cipher = createCipher(masterKey, config.secrets.previousMasterKeys);
  const limit = limitInFlight(config.delivery.maxInFlight, log);
  const store = await openSqliteStore({
    dataDir: config.storage.dataDir,
    cipher,
    clock,
    onDeath,
    warn: (warning) => log.warn(warning),
    // One that could have nothing in flight would be none.
    couriers: Math.min(config.delivery.couriers, limit.maxInFlight),
  });
  stack.defer(() => store.close());
  store.log.onHealth(createWriteTroubles(log, clock));
  await store.sealing.check();
  const resealing = createResealing({ sealing: store.sealing, masterKeyId: cipher.keyId, clock, log });
  stack.defer(() => resealing.close());

  const accountOf = (webhookId: string) => registry.get(webhookId)?.webhook.accountId;
  const audit = createAuditLog({ store: store.audit, clock, log });
  stack.defer(() => audit.close());
  const stats = createStats({ store: store.stats, clock, log, accountOf });
  stack.defer(() => stats.close());
  const live = createLiveHub({
    most: config.limits.maxLiveStreams,
    mostOfAccount: (accountId) => accounts.limitsOf(accountId).liveStreams,
  });

  const accounts = await knowAccounts(store.directory, config.limits.ofAccount);
  if (!accounts.has(operatorAccountId)) {
    const account = { id: operatorAccountId, name: 'Operator', createdAt: clock.now() };
    await accounts.directory.createAccount(account);
  }
  const senders = await knowSenders(accounts.directory);
  stack.defer(wipeDeletedSecrets({ directory: store.directory, clock, log }));
  stack.defer(forgetKeptAnswers({ keptAnswers: store.directory.keptAnswers, clock, log }));
  const registry = createWebhookRegistry();
  for (const registered of await store.directory.loadWebhooks()) registry.put(registered);

  const waiting = createWaitingCounts({ clock, count: store.watch.waitingByAccount, registry, log });
  stack.defer(() => waiting.close());
  const admission = createAdmission({ clock, limitsOf: accounts.limitsOf, waiting });
  const room = createIntakeRoom({
    deliveries: config.intake.mostDeliveries,
    characters: mostCharactersQueued,
  });
  const intake = createIntake({ log: store.log, registry, room, admission });
  const operations = createOperationalEvents({ intake, registry, clock, log });
  const health = createWebhookHealth({
    ...{ directory: store.directory, registry, operations, clock, log },
    onDisabled: lines.webhookDisabled,
  });
  const breakers = createBreakerMemory({ directory: store.directory, clock, log });
  stack.defer(async () => void (await Promise.all([operations.close(), health.close(), breakers.close()])));
  const failures = createFailedDeliveries(operations, registry);
  const paces = createLearntPaces({ registry, clock });

  const shortages = createShortages({ clock, log });
  stack.defer(() => shortages.close());
  const egressWatch = createEgressWatch({ clock, log });
  const { proxy, ca } = egress;
  const sendingSettings = {
    allowNetworks: config.delivery.allowNetworks,
    insideDomains: config.delivery.insideDomains,
    names: config.names,
    mostConnections: limit.mostConnections,
    proxy,
    ca: ca ?? null,
  };
  const onRefused = createRefusedHosts({ clock, log });
  const onNews = egressWatch.heard;
  // Tests of webhooks, traces and sign-ins do not go through couriers.
  const sending = createSending(
    { ...sendingSettings, shares: 1 },
    { clock, resolve: overrides.resolve, onRefused, onShortage: shortages.met, onNews },
  );
  const { names, guard, sender } = sending;
  shortages.onNoFiles(sender.closeIdle);
  stack.defer(() => sending.close());
  const connect = operatorConnect({ names, clock, onShortage: shortages.met, proxy, ca, onNews });
  const traces = openTraces(config, { clock, log, connect });
  if (traces) stack.defer(() => traces.close());
  if (config.portal.oidc) stack.defer(connectOidc(connect));

  const { clock: playedClock, random, resolve } = overrides;
  const isPlayed = playedClock !== undefined || random !== undefined || resolve !== undefined;
  const dispatcher = startCouriers({
    storePorts: store.courierPorts,
    handedOver: () => store.log.handedOver,
    registry,
    sending: sendingSettings,
    inThisThread: isPlayed ? { clock, random: random ?? Math.random, resolve } : null,
    maxInFlight: limit.maxInFlight,
    deadAfterMs: config.delivery.disableAfterMs,
    openBreakers: await store.directory.loadOpenBreakers(),
    onShortage: shortages.met,
    onHostRefused: onRefused,
    onProxyNews: onNews,
    onDeath,
    onDisable: health.disable,
  });
  couriers = dispatcher;
  store.log.heed(dispatcher.onTheWay);
  shortages.onNoFiles(dispatcher.slowDown);

  const recovery = createRecovery({
    store: store.tasks,
    history: store.history,
    log: dispatcher,
    registry,
    clock,
    wake: dispatcher.wake,
    events: log,
  });
  stack.defer(() => recovery.close());
  // Those who watch are told of what the couriers end last.
  stack.defer(() => dispatcher.close());

  const metrics = createMetrics({
    clock,
    queuedEvents: () => store.log.queued,
    queuedDeliveries: () => room.taken.deliveries,
    commits: store.log.health,
    dispatcher: dispatcher.status,
    couriersBusy: dispatcher.busySeconds,
    liveListeners: () => live.listeners,
    shortages: shortages.counts,
    spans: () => traces ?? { exported: 0, dropped: 0 },
    store: store.watch.figures,
  });
  stack.defer(() => metrics.close());

  dispatcher.observe(metrics, stats, live, recovery, lines, health, breakers, failures, waiting, paces);
  if (traces) dispatcher.observe(traces);
  const events = createEventReceiver({
    ...{ intake, clock, hasAccount: accounts.has, isUnmatched: senders.isUnmatched },
    observers: [metrics, lines, ...(traces ? [traces] : [])],
  });

  const testPlaces = createPlaces(config.limits.maxTests);
  let listeningAt = '';
  const portal = createPortal({
    people: store.people,
    access: store.access,
    database: store.portalDatabase,
    secret: deriveSecret(masterKey, 'portal sessions'),
    publicUrl: () => config.portal.publicUrl ?? listeningAt,
    oidc: oidcOf(config),
    passwords: overrides.passwords,
    clock,
    log,
  });

  const services: Services = {
    clock,
    version,
    log,
    directory: senders.directory,
    senders,
    limits: {
      ofAll: config.limits.ofAccount,
      of: accounts.limitsOf,
      usage: async (accountId) => ({
        ...(await store.directory.countOwned(accountId)),
        eventsPerSecond: admission.recentEvents(accountId),
        deliveriesWaiting: waiting.of(accountId),
        liveStreams: live.listenersOf(accountId),
        tests: testPlaces.takenBy(accountId),
        lists: null,
      }),
    },
    testPlaces,
    history: store.history,
    stats,
    learntPaces: paces,
    audit,
    live,
    tasks: recovery,
    operator: { isOperatorKey: operatorCheck(config.secrets.operatorKey) },
    portal,
    portalLinks: portalLinkSessions(
      createPortalLinks({
        store: store.portalLinks,
        secret: deriveSecret(masterKey, 'portal links'),
        publicUrl: portal.publicUrl,
        hasAccount: accounts.has,
        clock,
      }),
    ),
    events,
    webhooks: registryUpdates(registry, dispatcher),
    trial: createTrial({ sender, clock }),
    delivery: {
      replay: dispatcher.replay,
      skipDeleted: (webhookId) => dispatcher.skipWaiting(webhookId, 'webhook_deleted', clock.now()),
      gone: dispatcher.gone,
    },
    urlGuard: guard,
    createSecret,
    overview: createOverview({
      clock,
      registry,
      failingSince: health.failingSince,
      dispatcher: dispatcher.status,
      queuedEvents: () => store.log.queued,
      shortage: shortages.current,
      sealing: resealing.status,
      egress: () => ({
        proxy: proxy && { ...shownProxy(proxy), ...egressWatch.current() },
        authorities:
          config.egress.caFile === null
            ? null
            : { file: config.egress.caFile, certificates: egress.authorities },
      }),
      store: store.watch,
    }),
    readiness() {
      if (state.failed)
        return { ready: false, detail: 'A thread died, so Hookwire ends; it must be started again.' };
      if (state.stopping)
        return { ready: false, detail: 'The gateway is stopping: it delivers nothing new.' };
      const { problem } = store.log.health;
      if (problem !== null) return { ready: false, detail: `The store cannot write: ${problem}.` };
      if (!state.takenUp)
        return { ready: true, detail: 'Events are accepted; deliveries that waited are being taken up.' };
      return { ready: true, detail: 'Events are accepted and delivered.' };
    },
    metrics: metrics.text,
  };
  const firstOperatorKey = await ensureOperator(store.directory, config, clock);
  const server = createHttpServer(services, {
    bodyLimitBytes: config.http.maxBodyBytes,
    trustedProxies: config.http.trustedProxies,
    connections: config.http.connections,
    deadlines: config.http.deadlines,
    callRates: config.http.callRates,
    portal: { directory: portalDirectory, frameOrigins: config.portal.frameOrigins },
  });
  // Taking goes on while the deliveries under way end; then the port closes, and what was sent to it is answered.
  stack.defer(async () => {
    const { shutdownTimeoutMs } = config.delivery;
    const within = state.failed ? Math.min(answeringMs, shutdownTimeoutMs) : shutdownTimeoutMs;
    const endsAt = performance.now() + within;
    state.stopping = true;
    const last = Math.min(lastCallsMs, within / 2);
    await Promise.all([dispatcher.stop(within - last), server.dismiss(Math.min(noticeMs, last))]);
    live.close();
    await server.close(Math.max(0, endsAt - performance.now()));
    intake.stop();
  });
  await recovery.load();
  // The store is asked what waits before the first call can come, and answers in the order of the questions.
  await dispatcher.begin();
  const takenUp = dispatcher.start();
  takenUp.catch(() => {});
  const { url } = await server.listen(config.http.host, config.http.port, config.http.inheritedSocket);
  await store.sealing.begin(clock.now());
  resealing.start();
  // On every interface, this machine is one of those who can reach it.
  listeningAt = url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  const setupLink = await portal.issueSetUpLink();
  await takenUp;
  await health.catchUp();
  recovery.start();
  state.takenUp = true;
  stack.defer(followClock({ clock, log: store.log, dispatcher, events: log }));

  const parts = stack.move();
  async function close(): Promise<void> {
    const closed = await bounded.close(parts, config.delivery.shutdownTimeoutMs + closingMs);
    if (!closed) log.error('A part of Hookwire did not close in time and is left behind.');
  }
  return {
    url,
    firstOperatorKey,
    setupLink,
    hasAccounts: accounts.count > 1,
    hasPortal: isPortalBuilt(),
    dispatcher,
    failed: failure.promise,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What may be in flight by the configuration and by the open files that the process may have; says so where these are too few. */
function limitInFlight(configured: number, log: Log) {
  const openFiles = openFilesLimit();
  const limit = inFlightLimit(configured, openFiles);
  if (limit.needed !== null)
    log.warn(
      { openFiles, needed: limit.needed, maxInFlight: limit.maxInFlight },
      `The process may have ${openFiles} files open, which is too few for HOOKWIRE_MAX_IN_FLIGHT=${configured}: ${limit.maxInFlight} are sent at once at most. Raise the limit to ${limit.needed} (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of Docker), or lower HOOKWIRE_MAX_IN_FLIGHT.`,
    );
  return limit;
}

function oidcOf({ portal: { oidc }, secrets: { oidcClientSecret } }: Config): OidcProvider | null {
  return oidc && oidcClientSecret !== null ? { ...oidc, clientSecret: oidcClientSecret } : null;
}

function registryUpdates(
  registry: WebhookRegistry,
  { heard }: Pick<Couriers, 'heard'>,
): Services['webhooks'] {
  return {
    ofAccount: (accountId) => registry.ofAccount(accountId).map(({ webhook }) => webhook),
    created: (webhook, secrets) => registry.put({ webhook, secrets }),
    async changed(webhook, secrets) {
      registry.put({ webhook, secrets });
      await heard(webhook.id);
    },
    async deleted(webhookId) {
      registry.remove(webhookId);
      await heard(webhookId);
    },
    async accountDeleted(accountId) {
      for (const { webhook } of registry.ofAccount(accountId)) registry.remove(webhook.id);
      await heard();
    },
  };
}

function operatorCheck(operatorKey: string | null): (hash: string) => boolean {
  if (operatorKey === null) return () => false;
  const expected = hashKey(operatorKey);
  return (hash) => sameHash(hash, expected);
}

/** Makes the first operator key where nobody could sign in otherwise. */
async function ensureOperator(directory: Directory, config: Config, clock: Clock): Promise<string | null> {
  if (config.secrets.operatorKey !== null) return null;
  const known = await directory.listKeys(null, { limit: 1, cursor: null });
  if (known.data.length > 0) return null;
  const { key, hash } = createKey();
  const entry = {
    id: randomId('key'),
    accountId: null,
    name: 'first operator',
    scopes: [],
    createdAt: clock.now(),
  };
  await directory.createKey(entry, hash);
  return key;
}
