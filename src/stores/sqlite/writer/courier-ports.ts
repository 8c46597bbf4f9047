import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { courierOf } from '../../../core/courier-of.ts';
import { bringsTheLast } from '../../ports/delivery-log.ts';
import { unpackAttempts } from './columns.ts';
import { createDeliveryPacker, type DeliveryPacker } from './delivery-columns.ts';
import type {
  CommitAnswer,
  CourierReply,
  CourierRequest,
  Question,
  Told,
  WriterAnswers,
  WriterFailure,
} from './protocol.ts';
import type { AttemptRow, EventRow } from './row-types.ts';

/** Attempts that go into one commit, beside the events that are in it: some 10 ms of the writer. */
const mostAttempts = 750;
/**
 * Where much waits for many webhooks, each changes a page of its own in the index of what does, and as many took 10 to 45 ms.
 * After a commit that took longer the next has half as many, after a shorter one more again.
 */
const longCommitMs = 15;
const shortCommitMs = 7;
const growth = 1.25;
/** The same beside few events: these may be all of somebody who calls little, and shall not wait for others. */
const mostBesideFew = 150;
const fewEvents = 50;
/** While events come in, their commits take attempts along; so long these wait for one. */
const waitForEventsMs = 2;
/** After so long without a commit of events none is waited for. */
const quietMs = 5;

/** `record` requests that wait for a commit. */
export interface TakenAttempts {
  readonly rows: readonly AttemptRow[];
  /** How many requests of each courier they are. */
  readonly requests: readonly number[];
}

/** The writer's end of a courier's port. */
export interface CourierPort {
  post(reply: CourierReply): void;
  onRequest(listen: (request: CourierRequest) => void): void;
  /** Takes the oldest request that was not listened to yet. */
  take(): CourierRequest | undefined;
  close(): void;
}

export function courierPort(port: MessagePort): CourierPort {
  return {
    post: (reply) => port.postMessage(reply),
    onRequest: (listen) => void port.on('message', listen),
    take: () => receiveMessageOnPort(port)?.message as CourierRequest | undefined,
    close: () => port.close(),
  };
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
    events: readonly EventRow[],
    answer: CommitAnswer,
    acceptedAt: number | null,
  ): void;
  refused(taken: TakenAttempts, failure: WriterFailure): void;
  close(): void;
}

export interface CourierPortsOptions {
  /** Commits what {@link CourierPorts.take} gives, alone. */
  readonly commitAttempts: () => void;
  readonly answer: (request: Extract<Question, CourierRequest>) => WriterAnswers[keyof WriterAnswers];
  readonly failureOf: (error: unknown) => WriterFailure;
}

export function createCourierPorts(
  ports: readonly CourierPort[],
  { commitAttempts, answer, failureOf }: CourierPortsOptions,
): CourierPorts {
  let waiting: { readonly courier: number; readonly rows: readonly AttemptRow[] }[] = [];
  let timer: NodeJS.Timeout | null = null;
  let next: NodeJS.Immediate | null = null;
  let eventsAt = Number.NEGATIVE_INFINITY;
  /** Attempts that the next commit has at most. */
  let atOnce = mostAttempts;

  function tell(courier: number, reply: CourierReply): void {
    ports[courier]?.post(reply);
  }

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

  function hear(courier: number, request: CourierRequest): void {
    if (request.kind === 'leave' || request.kind === 'heedAgain') {
      if (request.kind === 'leave') left.add(request.webhookId);
      else left.delete(request.webhookId);
    } else hearQuestion(courier, request);
  }

  function hearQuestion(
    courier: number,
    request: Exclude<CourierRequest, { kind: 'leave' | 'heedAgain' }>,
  ): void {
    if (request.kind === 'record') {
      waiting.push({ courier, rows: unpackAttempts(request.attempts) });
      commitSoon();
      return;
    }
    if (request.kind === 'requeueMany' || request.kind === 'skipWaiting') commitAll();
    try {
      const found = answer(request);
      if (request.kind === 'loadPending' && isLast(request, found as WriterAnswers['loadPending'])) {
        left.delete(request.webhookId);
      }
      // Each courier takes up what is its own.
      const own =
        request.kind === 'waiting'
          ? (found as WriterAnswers['waiting']).filter((row) => ownerOf(row.webhook) === courier)
          : found;
      tell(courier, { answer: own });
    } catch (error) {
      tell(courier, { failure: failureOf(error) });
    }
  }

  /** Of these no courier needs to hear, but of how many there are. */
  const left = new Set<string>();
  const ownerOf = (webhookId: string): number => courierOf(webhookId, ports.length);

  /** Taken from their ports before their time. */
  const heldUp: CourierRequest[][] = ports.map(() => []);

  function holdUp(courier: number, request: CourierRequest): void {
    heldUp[courier]?.push(request);
    setImmediate(hearHeldUp);
  }

  function hearHeldUp(): void {
    for (const [courier, requests] of heldUp.entries())
      for (const each of requests.splice(0)) hear(courier, each);
  }

  for (const [courier, port] of ports.entries()) {
    port.onRequest((request) => {
      if (heldUp[courier]?.length) holdUp(courier, request);
      else hear(courier, request);
    });
  }

  return {
    catchUp(beforeCommit) {
      if (!beforeCommit) hearHeldUp();
      for (const [courier, port] of ports.entries()) {
        let request = heldUp[courier]?.length ? undefined : port.take();
        for (; request; request = port.take()) {
          if (beforeCommit && (request.kind === 'loadPending' || request.kind === 'loadRetries')) {
            holdUp(courier, request);
            break;
          }
          hear(courier, request);
        }
      }
      if (!beforeCommit) commitAll();
    },
    take(events) {
      const most = events > 0 && events < fewEvents ? mostBesideFew : atOnce;
      let rows = 0;
      let requests = 0;
      while (requests < waiting.length && (requests === 0 || rows < most)) {
        rows += waiting[requests]?.rows.length ?? 0;
        requests++;
      }
      const taken = waiting.slice(0, requests);
      waiting = waiting.slice(requests);
      return {
        rows: taken.flatMap((request) => request.rows),
        requests: ports.map((_, i) => taken.filter(({ courier }) => courier === i).length),
      };
    },
    noAttempts: { rows: [], requests: ports.map(() => 0) },
    committed(taken, events, answer, acceptedAt) {
      if (events.length > 0) eventsAt = performance.now();
      const { packers, left: unseen } = packAccepted(events, answer, ownerOf, left);
      for (const courier of ports.keys()) {
        const isOwn = ({ webhook }: { readonly webhook: string }): boolean => ownerOf(webhook) === courier;
        const told: Told = {
          accepted: packers.get(courier)?.columns(acceptedAt) ?? null,
          left: unseen.get(courier) ?? 0,
          released: answer.released.filter(isOwn),
          overtaken: answer.overtaken.filter(isOwn),
          recorded: taken.requests[courier] ?? 0,
        };
        if (
          told.accepted ||
          told.left > 0 ||
          told.recorded > 0 ||
          told.released.length + told.overtaken.length > 0
        ) {
          tell(courier, told);
        }
      }
    },
    refused(taken, failure) {
      for (const [courier, records] of taken.requests.entries()) {
        if (records > 0) tell(courier, { refused: failure, records });
      }
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      if (next !== null) clearImmediate(next);
      commitAll();
      for (const port of ports) port.close();
    },
  };
}

/** What was stored and can be sent, and what is outdated already, by courier. */
function packAccepted(
  events: readonly EventRow[],
  { events: answers, withheld, outdated }: CommitAnswer,
  ownerOf: (webhookId: string) => number,
  leftWebhooks: ReadonlySet<string>,
): { readonly packers: ReadonlyMap<number, DeliveryPacker>; readonly left: ReadonlyMap<number, number> } {
  const left = new Map<number, number>();
  const packers = new Map<number, DeliveryPacker>();
  const held = new Set(withheld);
  const tooLate = new Set(outdated);
  const owners = new Map<string, number>();

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
    const first = event[0] + 1 + (event[10]?.from ?? 0);
    for (const [place, webhookId] of event[8].entries()) {
      const delivery = first + place;
      const isTooLate = tooLate.has(delivery);
      if (held.has(delivery) && !isTooLate) continue;
      if (leftWebhooks.has(webhookId) && !isTooLate) {
        const owner = knownOwner(webhookId);
        left.set(owner, (left.get(owner) ?? 0) + 1);
      } else {
        packerOf(webhookId).add(event, delivery, webhookId, isTooLate);
      }
    }
  }
  return { packers, left };
}

function isLast(
  { limit, mostCharacters }: Extract<CourierRequest, { kind: 'loadPending' }>,
  rows: WriterAnswers['loadPending'],
): boolean {
  return bringsTheLast(
    rows.map(({ body }) => body.length),
    limit,
    mostCharacters,
  );
}
