import type { ClientBase, Pool } from 'pg';
import type { Clock } from '../../../core/clock.ts';
import type { Conclusion, QueuedDelivery } from '../../../core/delivery.ts';
import { parseSequenceId, sequenceId } from '../../../core/ids.ts';
import { isOfNode } from '../../../core/node-sequence.ts';
import type { OwnedShards } from '../../../core/owned-shards.ts';
import { createSlices } from '../../../core/slices.ts';
import { connect, type Port } from '../../../core/threads/connection.ts';
import { ThreadError, threadEnded } from '../../../core/threads/thread-error.ts';
import { stateCode } from '../../codes.ts';
import { unpackDeliveries } from '../../log/delivery-columns.ts';
import type { LoadedRow } from '../../log/loaded-row.ts';
import { loadedDelivery, outdatedConclusion } from '../../log/rows.ts';
import { bringsTheLast, type CourierLog, type HeldPending } from '../../ports/delivery-log.ts';
import { answerable } from '../unreachable.ts';
import type { Arrived } from './arrived.ts';
import { findAccount } from './find-account.ts';
import type { HandedOver, HandOverCalls, HandOverNews } from './hand-over.ts';
import { createLine } from './line.ts';
import {
  type ArrivedDelivery,
  loadArrived,
  loadPending,
  loadThese,
  loadWaiting,
  type WaitingRow,
  type Webhook,
} from './loads.ts';
import { createNewDeliveries, type NewDelivery, type ToTell } from './new-deliveries.ts';
import { createRecorder } from './recorder.ts';
import { requeue } from './requeue.ts';
import { createRetryLoads } from './retry-loads.ts';
import { type Skip, skipDeliveries, skipSome } from './skip.ts';
import type { Turns } from './take-turns.ts';

export interface CourierLogOptions {
  /** Of its own, of one connection: all that it asks goes in one order. */
  readonly pool: Pool;
  /** Its end of the connection with the thread that stores events. */
  readonly port: Port & { close(): void };
  readonly clock: Clock;
  /** Which process it is of those that share the database. */
  readonly node: number;
  /** Whose a webhook is of which nothing was heard yet; the directory is asked where tests have no answer of their own. */
  readonly findAccount?: typeof findAccount;
  /** Called before anything of the store's is looked at: what was said to the courier elsewhere first, is known. */
  readonly before?: () => void;
  /** Which webhooks are this courier's, of those that are this process's. */
  readonly isMine: (webhookId: string) => boolean;
  readonly shards: OwnedShards;
}

/** Deliveries that are ended in one transaction: some ms. */
const skippedAtOnce = 200;
/** Webhooks of which it is asked at once what waits for them: some 20 ms. */
const webhooksAtOnce = 500;
/** Deliveries of other processes that are read in one go, and what their bodies come to: of one of 250 KB each is its webhooks' own. */
const readAtOnce = 1_000;
const mostCharactersAtOnce = 750_000;
/** So many may wait for that: of what comes besides, the lanes are told that there is something to load. */
const mostUnread = 20_000;
/** New deliveries that lanes are told of in one go: about a ms. */
const toldAtOnce = 8;

/**
 * A courier's part of the delivery log on PostgreSQL. All that it asks goes over one connection, one after another (`line.ts`): so
 * a load sees what was recorded before it, and its answer is none of before what was recorded since, as with SQLite's writer.
 * While one batch of attempts is under way, those that end gather for the next.
 *
 * What is accepted in this process comes over a port from the thread that commits it; `new-deliveries.ts` says how each is seen
 * once although loads go another way. All becomes the lanes' work in slices.
 */
export function createPostgresCourierLog(options: CourierLogOptions): CourierLog {
  const { pool, port, clock, node, before = () => {}, isMine, shards } = options;
  const ask = options.findAccount ?? findAccount;
  const line = createLine(pool);
  const retryLoads = createRetryLoads(line);
  const heard = createSlices();
  const accounts = new Map<string, string>();
  const news = createNewDeliveries(
    (number, webhookId) => number > shards.aboveOf(webhookId) && isOfNode(number, node),
  );
  /** Webhooks that were left, and whose last load brought more than it may; `true`: told of again all the same. */
  const left = new Map<string, boolean>();
  /** Loads that are not answered yet, by webhook. */
  const loading = new Map<string, number>();
  let onAccepted: (deliveries: readonly QueuedDelivery[], left: number) => void = () => {};
  /** Deliveries that have arrived and are not asked for yet, and whether some are. */
  const unread: ArrivedDelivery[] = [];
  let reading = false;
  let onArrived: (deliveries: readonly QueuedDelivery[]) => void = () => {};
  let onMore: (webhookId: string) => void = () => {};
  let onReleased: (deliveries: readonly QueuedDelivery[]) => void = () => {};
  let onOutdated: (conclusion: Conclusion, delivery: QueuedDelivery) => void = () => {};

  const main = connect<HandOverNews, HandOverCalls>(port, { handedOver, arrived }, { beforeHear: before });
  /** What was said of webhooks that are left, until it was heard. */
  let leaving: Promise<unknown> = Promise.resolve();

  const recorder = createRecorder({
    ...{ line, clock, accountOf, heard, shards },
    onTurns: tellOfTurns,
  });

  function handedOver({ accepted, left: unseen }: HandedOver): void {
    const { sendable, outdated } = accepted ? unpackDeliveries(accepted) : { sendable: [], outdated: [] };
    for (const delivery of [...sendable, ...outdated]) learn(delivery);
    tell(news.handedOver(sendable.map(numbered), unseen));
    for (const delivery of outdated) heard.add(() => onOutdated(outdatedConclusion(delivery), delivery));
  }

  /** A lane that was left loads what it lacks; one that loads now may have looked before. */
  function heeds(webhook: string): boolean {
    return left.get(webhook) !== false || loading.has(webhook);
  }

  function arrived(news: Arrived): void {
    for (const [account, webhook, numbers] of news) {
      if (!shards.owns(webhook) || !heeds(webhook)) continue;
      accounts.set(webhook, account);
      if (numbers === null || unread.length + numbers.length > mostUnread) heard.add(() => onMore(webhook));
      else for (const seq of numbers) unread.push({ account, webhook, seq });
    }
    if (unread.length > 0 && !reading) readArrived();
  }

  /**
   * Those that arrive while some are read are read together. Told of before anything that is recorded behind it: what is sent by
   * then, the lanes know.
   */
  function readArrived(): void {
    reading = true;
    let asked: readonly ArrivedDelivery[] = [];
    const told = line.runFirst(async (client) => {
      asked = unread.splice(0, readAtOnce).filter(({ webhook }) => heeds(webhook));
      const { rows, left: behind } = await loadArrived(client, asked, mostCharactersAtOnce);
      unread.unshift(...behind);
      const deliveries = rows.map(loaded);
      before();
      for (let i = 0; i < deliveries.length; i += toldAtOnce) {
        heard.add(() => onArrived(deliveries.slice(i, i + toldAtOnce)));
      }
    });
    told
      .catch(() => {
        // Where there was no connection none was begun, and none of them will be.
        const lost = asked.length > 0 ? asked : unread.splice(0);
        for (const webhook of new Set(lost.map((each) => each.webhook))) heard.add(() => onMore(webhook));
      })
      .finally(() => {
        reading = false;
        if (unread.length > 0) readArrived();
      });
  }

  function tell({ deliveries, left: unseen }: ToTell): void {
    for (let i = 0; i < deliveries.length; i += toldAtOnce) {
      heard.add(() => onAccepted(deliveries.slice(i, i + toldAtOnce), 0));
    }
    if (unseen > 0) heard.add(() => onAccepted([], unseen));
  }

  /** Deliveries that waited for those before them. */
  function tellOfTurns({ released, overtaken }: Turns): void {
    if (released.length > 0) heard.add(() => onReleased(released.map(loaded)));
    for (const row of overtaken) {
      const delivery = loaded(row);
      heard.add(() => onOutdated(outdatedConclusion(delivery), delivery));
    }
  }

  function learn({ webhookId, event }: QueuedDelivery): void {
    accounts.set(webhookId, event.accountId);
  }

  async function accountOf(client: ClientBase, webhookId: string): Promise<string | null> {
    const known = accounts.get(webhookId) ?? (await ask(client, webhookId));
    if (known !== null) accounts.set(webhookId, known);
    return known;
  }

  async function find(webhookId: string): Promise<Webhook | null> {
    const account =
      accounts.get(webhookId) ?? (await answerable(line.run('', (client) => accountOf(client, webhookId))));
    return account === null ? null : { account, webhook: webhookId };
  }

  function loaded(row: LoadedRow): QueuedDelivery {
    return { ...loadedDelivery(row), text: row.body };
  }

  /** Answers when what came before has become the lanes' work. */
  function inTurn<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => {
          before();
          heard.addResolving(() => resolve(value));
        },
        (error) => heard.addResolving(() => reject(error)),
      );
    });
  }

  async function pendingOf(
    of: Webhook,
    { heldPending }: HeldPending,
    limit: number,
    mostCharacters: number,
  ): Promise<readonly QueuedDelivery[]> {
    const { account, webhook } = of;
    const isLeft = left.get(webhook) === false;
    // What is committed behind this is told of; what is not, the load sees.
    if (isLeft) await main.ask('heedAgain', webhook);
    return new Promise((resolve, reject) => {
      const ended = line.run(account, async (client) => {
        news.loadLooks(webhook);
        try {
          const held = Array.from(heldPending, numberOf);
          const rows = await loadPending(client, of, held, limit, mostCharacters);
          const sizes = rows.map(({ body }) => body.length);
          if (bringsTheLast(sizes, limit, mostCharacters)) left.delete(webhook);
          else if (left.get(webhook) === false) await main.ask('leave', webhook);
          before();
          const deliveries = rows.map(loaded);
          tell(news.loadBrought(deliveries.map(numbered)));
          await new Promise<void>((answered) => {
            heard.addResolving(() => {
              resolve(deliveries);
              // Whoever waits for it runs first.
              setImmediate(answered);
            });
          });
        } finally {
          tell(news.loadAnswered());
        }
      });
      ended.catch((error) => {
        // Nobody may have let go of it meanwhile: its lane, if it gets one again, is to hear of everything.
        if (isLeft && left.get(webhook) === false) leaving = main.ask('leave', webhook).catch(() => {});
        reject(error);
      });
    });
  }

  return {
    onAccepted(listen) {
      onAccepted = listen;
    },
    onArrived(listen) {
      onArrived = listen;
    },
    onMore(listen) {
      onMore = listen;
    },
    leave(webhookId) {
      // A load that is under way may bring the last.
      if (left.has(webhookId) || loading.has(webhookId)) return;
      left.set(webhookId, false);
      leaving = main.ask('leave', webhookId).catch(() => {});
    },
    isLeft: (webhookId) => left.has(webhookId),
    heedAgain(webhookId) {
      if (left.get(webhookId) !== false) return;
      left.set(webhookId, true);
      leaving = main.ask('heedAgain', webhookId).catch(() => {});
    },
    onReleased(listen) {
      onReleased = listen;
    },
    onOutdated(listen) {
      onOutdated = listen;
    },
    record: recorder.record,
    conclude: recorder.conclude,
    async loadPending(webhookId, held, limit, mostCharacters = Number.POSITIVE_INFINITY) {
      loading.set(webhookId, (loading.get(webhookId) ?? 0) + 1);
      try {
        const [of] = await Promise.all([find(webhookId), leaving]);
        return of ? await pendingOf(of, held, limit, mostCharacters) : [];
      } finally {
        const more = (loading.get(webhookId) ?? 1) - 1;
        if (more > 0) loading.set(webhookId, more);
        else loading.delete(webhookId);
      }
    },
    async loadRetries(webhookId, now, limit) {
      const [of] = await Promise.all([find(webhookId), leaving]);
      if (!of) return { due: [], nextRetryAt: null };
      const { rows, next } = await inTurn(retryLoads.load({ ...of, now, limit }));
      return { due: rows.map(loaded), nextRetryAt: next };
    },
    async loadThese(webhookId, deliveryIds) {
      const of = await find(webhookId);
      if (!of) return [];
      const numbers = deliveryIds.map(numberOf);
      return (await inTurn(line.run(of.account, (client) => loadThese(client, of, numbers)))).map(loaded);
    },
    async waiting() {
      const own: WaitingRow[] = [];
      // What is to be recorded meanwhile gets between.
      for (let after: WaitingRow | null = null, isLast = false; !isLast; ) {
        const behind: WaitingRow | null = after;
        const rows: readonly WaitingRow[] = await inTurn(
          line.run('', (client) => loadWaiting(client, behind, webhooksAtOnce)),
        );
        own.push(...rows.filter(({ webhook }) => isMine(webhook) && shards.owns(webhook)));
        after = rows.at(-1) ?? null;
        isLast = rows.length < webhooksAtOnce;
      }
      for (const { webhook, account } of own) accounts.set(webhook, account);
      return own.map(({ webhook, pending, next }) => ({ webhookId: webhook, pending, nextRetryAt: next }));
    },
    async requeueMany({ webhookId, deliveryIds, states, ordered, now }) {
      recorder.recordAll();
      const of = await find(webhookId);
      if (!of) return [];
      const deliveries = deliveryIds.map(numberOf);
      const request = { ...of, deliveries, states: states.map(stateCode), ordered, now };
      const rows = await inTurn(answerable(line.transact(of.account, (client) => requeue(client, request))));
      return rows.map(({ delivery, orderKey }) => ({ id: sequenceId('dlv', delivery), orderKey }));
    },
    async skipWaiting(webhookId, reason, now) {
      recorder.recordAll();
      const of = await find(webhookId);
      if (!of) return 0;
      const skip: Skip = { ...of, reason, now };
      let total = 0;
      for (let some = 1; some > 0; total += some) {
        recorder.recordAll();
        some = await inTurn(answerable(line.transact(of.account, (client) => skipSome(client, skip))));
      }
      return total;
    },
    async skipDeliveries(webhookId, deliveryIds, reason, now) {
      recorder.recordAll();
      const of = await find(webhookId);
      if (!of) return 0;
      let total = 0;
      const numbers = deliveryIds.map(numberOf);
      for (let i = 0; i < numbers.length; i += skippedAtOnce) {
        recorder.recordAll();
        const some = numbers.slice(i, i + skippedAtOnce);
        const skip: Skip = { ...of, reason, now };
        const skipped = await inTurn(
          answerable(line.transact(of.account, (client) => skipDeliveries(client, skip, some))),
        );
        total += skipped.deliveries;
        tellOfTurns(skipped);
      }
      return total;
    },
    health: recorder.health,
    async close() {
      await recorder.close();
      await line.idle();
      heard.finish();
      main.fail(new ThreadError('The store is closed.', { code: threadEnded }));
      port.close();
    },
  };
}

function numberOf(deliveryId: string): number {
  return parseSequenceId('dlv', deliveryId) ?? 0;
}

function numbered(delivery: QueuedDelivery): NewDelivery {
  return { number: numberOf(delivery.id), delivery };
}
