import type { AttemptRecord, DeliveryState } from '../../core/delivery.ts';
import { parseSequenceId, sequenceAt, sequenceId, sequenceTime } from '../../core/ids.ts';
import { createWebhookRegistry } from '../../routing/registry.ts';
import type { History } from '../../stores/ports/history.ts';
import type { Task, TaskStore } from '../../stores/ports/tasks.ts';
import { testSettings, testWebhook } from '../../testing/factories.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { createRecovery, type Recovery, type RecoveryLimits, type RecoveryRequest } from '../recovery.ts';
import type { WebhookReplayContext } from '../webhook-replay.ts';

interface Entry {
  readonly webhookId: string;
  readonly sequence: number;
  state: DeliveryState;
}

/** `answer`: it is requeued, and nobody hears of it. */
type Failing = 'list' | 'requeue' | 'answer' | 'save';

/** Recovery whose store, lanes and clock the test plays. */
export function openReplayStage(limits?: RecoveryLimits) {
  const clock = createManualClock();
  const registry = createWebhookRegistry();
  const deliveries = new Map<string, Entry>();
  const tasks = new Map<string, Task>();
  const failing = new Set<Failing>();
  /** What waits in lanes, oldest first, and everything that was ever queued. */
  let waiting: string[] = [];
  const requeued: string[] = [];
  const woken: string[] = [];
  const warnings: string[] = [];
  const orderKeys = new Map<string, number>();
  const observers: ((record: AttemptRecord) => void)[] = [];
  let saves = 0;
  let mayWrite = Promise.resolve();
  let last = sequenceAt(clock.now() - 3_600_000);

  function refuse(what: Failing): void {
    if (failing.has(what)) throw new Error(`${what} fails`);
  }

  const listDeliveryIds: History['listDeliveryIds'] = async (filter, { limit, cursor }) => {
    refuse('list');
    const found = [...deliveries]
      .filter(([id, { webhookId, state, sequence }]) => {
        const at = sequenceTime(sequence);
        const inTime = at >= (filter.from ?? 0) && at < (filter.to ?? Number.POSITIVE_INFINITY);
        const wanted = webhookId === filter.webhookId && state === filter.state && inTime;
        return wanted && (cursor === null || id < cursor);
      })
      .map(([id]) => id)
      .toSorted()
      .toReversed();
    const data = found.slice(0, limit);
    return { data, nextCursor: found.length > limit ? (data.at(-1) ?? null) : null };
  };

  const store: TaskStore = {
    async create(task) {
      refuse('save');
      tasks.set(task.id, task);
    },
    async save(task) {
      saves++;
      await mayWrite;
      refuse('save');
      tasks.set(task.id, structuredClone(task));
    },
    get: async (id) => tasks.get(id) ?? null,
    list: async () => ({ data: [...tasks.values()].toReversed(), nextCursor: null }),
    unfinished: async () => [...tasks.values()].filter(({ finishedAt }) => finishedAt === null),
  };

  function context() {
    return {
      clock,
      registry,
      history: {
        listDeliveryIds,
        statesOf: async (ids) =>
          ids.flatMap((id) => {
            const found = deliveries.get(id);
            return found ? [{ id, state: found.state }] : [];
          }),
      },
      deliveryLog: {
        async requeueMany({ webhookId, deliveryIds, states }) {
          refuse('requeue');
          const ids = deliveryIds.filter((id) => {
            const found = deliveries.get(id);
            if (found?.webhookId !== webhookId) return false;
            const isHeld = found.state === 'pending' && orderKeys.has(id) && states.includes('retrying');
            return isHeld || (states as readonly string[]).includes(found.state);
          });
          for (const id of ids) {
            const found = deliveries.get(id) as Entry;
            if (found.state !== 'pending') deliveries.set(id, { ...found, state: 'retrying' });
          }
          requeued.push(...ids);
          waiting = [...new Set([...waiting, ...ids])];
          refuse('answer');
          return ids.map((id) => ({ id, orderKey: orderKeys.get(id) ?? null }));
        },
      },
      wake: (webhookId: string) => void woken.push(webhookId),
    } satisfies Omit<WebhookReplayContext, 'watchers'>;
  }

  function open(): Recovery {
    return createRecovery({
      ...context(),
      store,
      log: { info: () => undefined, warn: (_, message) => void warnings.push(message) },
      ...(limits && { limits }),
    });
  }

  let recovery = open();

  /** Lets everybody go on who can. */
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  const stage = {
    clock,
    registry,
    deliveries,
    tasks,
    failing,
    requeued,
    woken,
    warnings,
    orderKeys,
    /** Hear of attempts besides. */
    observers,
    settle,
    listDeliveryIds,
    store,
    context,
    get recovery() {
      return recovery;
    },
    get saves() {
      return saves;
    },
    /** Progress gets to disk only when the answer is called. */
    holdSaves(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      mayWrite = promise;
      return resolve;
    },
    /** What waits in lanes for its attempt. */
    waitingOf: (webhookId: string) => waiting.filter((id) => deliveries.get(id)?.webhookId === webhookId),
    addWebhook(id: string, accountId = 'acc_1'): void {
      const webhook = testWebhook({ id, accountId, settings: testSettings });
      registry.put({ webhook, secrets: [] });
    },
    /** New deliveries, each some ms after the one before. */
    add(webhookId: string, count: number, state: DeliveryState = 'failed', apart = 4096): string[] {
      return Array.from({ length: count }, () => {
        last += apart;
        const id = sequenceId('dlv', last);
        deliveries.set(id, { webhookId, state, sequence: parseSequenceId('dlv', id) ?? 0 });
        return id;
      });
    },
    stateOf: (id: string) => deliveries.get(id)?.state,
    /** The attempt of a delivery that was queued. */
    attempt(id: string, state: DeliveryState = 'delivered', manual = true, isHalved = false): void {
      waiting = waiting.filter((each) => each !== id);
      const found = deliveries.get(id);
      if (found) deliveries.set(id, { ...found, state });
      const after = state === 'retrying' ? { state, dueAt: 0 } : { state, reason: '' };
      const webhookId = found?.webhookId;
      const record = { deliveryId: id, webhookId, manual, isHalved, after } as unknown as AttemptRecord;
      for (const hear of [recovery.attempted, ...observers]) hear(record);
    },
    /** Attempts everything that waits for a webhook, again and again, until nothing does. */
    async attemptAll(webhookId: string, state: DeliveryState = 'delivered'): Promise<void> {
      for (let some = stage.waitingOf(webhookId); some.length > 0; some = stage.waitingOf(webhookId)) {
        for (const id of some) stage.attempt(id, state);
        await settle();
      }
    },
    /** Recovers one webhook's failed deliveries. */
    async recover(webhookId: string, request: Partial<RecoveryRequest> = {}): Promise<string> {
      const task = {
        accountId: 'acc_1',
        kind: 'recover',
        filter: { webhookId },
        states: ['failed'],
        ...request,
      } as const;
      const { id } = await recovery.create(task);
      await settle();
      return id;
    },
    task: async (id: string) => (await recovery.get(id)) as Task,
    async pass(ms: number): Promise<void> {
      clock.advance(ms);
      await settle();
    },
    /** A new program on what is stored; `crash`: the old one had no time to save. */
    async restart(how: 'close' | 'crash'): Promise<void> {
      if (how === 'close') await recovery.close();
      else failing.add('save');
      if (how === 'crash') await recovery.close();
      failing.clear();
      recovery = open();
      await recovery.load();
      recovery.start();
      await settle();
    },
  };
  return stage;
}

export type ReplayStage = ReturnType<typeof openReplayStage>;
