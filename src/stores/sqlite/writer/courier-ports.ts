import { courierOf } from '../../../core/courier-of.ts';
import { connect, type Port } from '../../../core/threads/connection.ts';
import { errorToMessage } from '../../../core/threads/thread-error.ts';
import { createDeliveryPacker, type DeliveryPacker } from '../../log/delivery-columns.ts';
import type { AttemptRow, NewEventRow } from '../../log/row-types.ts';
import { bringsTheLast } from '../../ports/delivery-log.ts';
import { unpackAttempts } from './columns.ts';
import type { AnsweredCalls, CommitAnswer, CommitNews, StoreCalls, StoreNews } from './protocol.ts';

/** Attempts that go into one commit, beside the events that are in it: some 10 ms of the writer. */
const mostAttempts = 750;
/**
 * Where much waits for many webhooks, each changes a page of its own in the index of what does, and as many took 10 to 45 ms.
 * After a commit that took longer the next has half as many, after a shorter one more again; and until it may have all again,
 * few events are committed alone: with 250 attempts of ordered webhooks their commit took 10 to 20 ms.
 */
const longCommitMs = 10;
const shortCommitMs = 5;
const growth = 1.25;
/** Beside few events at most: these may be all of somebody who calls little, and shall not wait for others. */
const mostBesideFew = 150;
const fewEvents = 50;
/** While events come in, their commits take attempts along; so long these wait for one. */
const waitForEventsMs = 2;
/** After so long without a commit of events none is waited for. */
const quietMs = 5;

/** `record` calls that wait for a commit. */
export interface TakenAttempts {
  readonly rows: readonly AttemptRow[];
  /** How many calls of each courier they are. */
  readonly calls: readonly number[];
}

/**
 * The writer's ends of the couriers' ports. Whose request comes when: attempts wait for the next commit of events, or a
 * moment; what changes or loads something is answered at once, changes behind the attempts that came before.
 */
export interface CourierPorts {
  /**
   * Hears of what was asked until now: it comes before what the main thread asks next. Before a commit up to the first
   * load: a thousand lanes that load, each again as soon as it was answered, kept it waiting for 100 ms.
   */
  catchUp(beforeCommit: boolean): void;
  /** Attempts for the commit that is about to be made with so many events. */
  take(events: number): TakenAttempts;
  readonly noAttempts: TakenAttempts;
  /** They are on disk, and these events with them. */
  committed(
    taken: TakenAttempts,
    events: readonly NewEventRow[],
    answer: CommitAnswer,
    acceptedAt: number | null,
  ): void;
  refused(taken: TakenAttempts, error: unknown): void;
  /** New deliveries that couriers were told of, those that they left included. */
  readonly handedOver: number;
  /** Commits what was recorded until now. */
  close(): void;
}

export interface CourierPortsOptions {
  /** Commits what {@link CourierPorts.take} gives, alone. */
  readonly commitAttempts: () => void;
  readonly calls: AnsweredCalls;
}

export function createCourierPorts(
  ports: readonly Port[],
  { commitAttempts, calls }: CourierPortsOptions,
): CourierPorts {
  let waiting: { readonly courier: number; readonly rows: readonly AttemptRow[] }[] = [];
  let timer: NodeJS.Timeout | null = null;
  let next: NodeJS.Immediate | null = null;
  let eventsAt = Number.NEGATIVE_INFINITY;
  /** Attempts that the next commit has at most. */
  let atOnce = mostAttempts;
  let handedOver = 0;
  const noAttempts: TakenAttempts = { rows: [], calls: ports.map(() => 0) };

  function commitAll(): void {
    while (waiting.length > 0) commitOnce();
  }

  function commitOnce(): void {
    const before = performance.now();
    commitAttempts();
    const took = performance.now() - before;
    if (took > longCommitMs) atOnce = Math.max(atOnce / 2, mostBesideFew);
    else if (took < shortCommitMs) atOnce = Math.min(atOnce * growth, mostAttempts);
  }

  function commitSoon(): void {
    if (timer !== null || next !== null) return;
    const wait = performance.now() - eventsAt < quietMs ? waitForEventsMs : 0;
    timer = setTimeout(() => {
      timer = null;
      commitSome();
    }, wait);
  }

  /** One commit at a time: calls get between. Three in a row kept somebody's event waiting for 30 ms. */
  function commitSome(): void {
    next = null;
    if (waiting.length > 0) commitOnce();
    if (waiting.length > 0) next = setImmediate(commitSome);
  }

  /** Of these no courier needs to hear, but of how many there are. */
  const left = new Set<string>();
  const ownerOf = (webhookId: string): number => courierOf(webhookId, ports.length);

  /** Calls that were heard before their time, of each courier. */
  const heldUp: (() => void)[][] = ports.map(() => []);
  /** A commit is about to be made, so loads wait until it is. */
  let loadsWait = false;

  function hearHeldUp(): void {
    for (const held of heldUp) for (const carryOut of held.splice(0)) carryOut();
  }

  const connections = ports.map((port, courier) => {
    const held = heldUp[courier] ?? [];
    return connect<StoreCalls, StoreNews>(
      port,
      {
        ...calls,
        record(attempts) {
          waiting.push({ courier, rows: unpackAttempts(attempts) });
          commitSoon();
        },
        leave: (webhookId) => void left.add(webhookId),
        heedAgain: (webhookId) => void left.delete(webhookId),
        loadPending(request) {
          const rows = calls.loadPending(request);
          const sizes = rows.map(({ body }) => body.length);
          if (bringsTheLast(sizes, request.limit, request.mostCharacters)) left.delete(request.webhookId);
          return rows;
        },
        // Each courier takes up what is its own.
        waiting: () => calls.waiting().filter((row) => ownerOf(row.webhook) === courier),
        requeueMany(request) {
          commitAll();
          return calls.requeueMany(request);
        },
        skipWaiting(...what) {
          commitAll();
          return calls.skipWaiting(...what);
        },
        skipDeliveries(...what) {
          commitAll();
          return calls.skipDeliveries(...what);
        },
      },
      {
        carryOutBy(call, carryOut) {
          const isLoad = call === 'loadPending' || call === 'loadRetries';
          if (held.length === 0 && !(isLoad && loadsWait)) {
            carryOut();
            return;
          }
          held.push(carryOut);
          setImmediate(hearHeldUp);
        },
      },
    );
  });

  return {
    catchUp(beforeCommit) {
      if (!beforeCommit) hearHeldUp();
      loadsWait = beforeCommit;
      for (const [courier, connection] of connections.entries()) {
        connection.catchUp(() => (heldUp[courier]?.length ?? 0) > 0);
      }
      loadsWait = false;
      if (!beforeCommit) commitAll();
    },
    take(events) {
      const areFew = events > 0 && events < fewEvents;
      if (areFew && atOnce < mostAttempts) return noAttempts;
      const most = areFew ? mostBesideFew : atOnce;
      let rows = 0;
      let count = 0;
      while (count < waiting.length && (count === 0 || rows < most)) {
        rows += waiting[count]?.rows.length ?? 0;
        count++;
      }
      const taken = waiting.slice(0, count);
      waiting = waiting.slice(count);
      return {
        rows: taken.flatMap((call) => call.rows),
        calls: ports.map((_, i) => taken.filter(({ courier }) => courier === i).length),
      };
    },
    noAttempts,
    committed(taken, events, answer, acceptedAt) {
      if (events.length > 0) eventsAt = performance.now();
      const { packers, left: unseen, sendable } = packAccepted(events, answer, ownerOf, left);
      handedOver += sendable;
      for (const [courier, connection] of connections.entries()) {
        const isOwn = ({ webhook }: { readonly webhook: string }): boolean => ownerOf(webhook) === courier;
        const told: CommitNews = {
          accepted: packers.get(courier)?.columns(acceptedAt) ?? null,
          left: unseen.get(courier) ?? 0,
          released: answer.released.filter(isOwn),
          overtaken: answer.overtaken.filter(isOwn),
          recorded: taken.calls[courier] ?? 0,
        };
        if (
          told.accepted ||
          told.left > 0 ||
          told.recorded > 0 ||
          told.released.length + told.overtaken.length > 0
        ) {
          connection.tell('told', told);
        }
      }
    },
    get handedOver() {
      return handedOver;
    },
    refused(taken, error) {
      for (const [courier, records] of taken.calls.entries()) {
        if (records > 0) connections[courier]?.tell('refused', errorToMessage(error), records);
      }
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      if (next !== null) clearImmediate(next);
      commitAll();
    },
  };
}

/** What was stored and can be sent, and what is outdated already, by courier. */
function packAccepted(
  events: readonly NewEventRow[],
  { events: answers, withheld, outdated }: CommitAnswer,
  ownerOf: (webhookId: string) => number,
  leftWebhooks: ReadonlySet<string>,
): {
  readonly packers: ReadonlyMap<number, DeliveryPacker>;
  readonly left: ReadonlyMap<number, number>;
  readonly sendable: number;
} {
  const left = new Map<number, number>();
  const packers = new Map<number, DeliveryPacker>();
  const held = new Set(withheld);
  const tooLate = new Set(outdated);
  const owners = new Map<string, number>();
  let sendable = 0;

  function knownOwner(webhookId: string): number {
    const owner = owners.get(webhookId) ?? ownerOf(webhookId);
    owners.set(webhookId, owner);
    return owner;
  }

  function packerOf(webhookId: string): DeliveryPacker {
    const owner = knownOwner(webhookId);
    const packer = packers.get(owner) ?? createDeliveryPacker();
    packers.set(owner, packer);
    return packer;
  }

  for (const [i, event] of events.entries()) {
    if (answers[i] !== 0) continue;
    const first = event.seq + 1 + (event.part?.from ?? 0);
    for (const [place, webhookId] of event.webhookIds.entries()) {
      const delivery = first + place;
      const isTooLate = tooLate.has(delivery);
      if (held.has(delivery) && !isTooLate) continue;
      if (!isTooLate) sendable++;
      if (leftWebhooks.has(webhookId) && !isTooLate) {
        const owner = knownOwner(webhookId);
        left.set(owner, (left.get(owner) ?? 0) + 1);
      } else {
        packerOf(webhookId).add(event, delivery, webhookId, isTooLate);
      }
    }
  }
  return { packers, left, sendable };
}
