import { Fifo } from '../../core/fifo.ts';
import type { AppendResult, NewEvent } from '../ports/delivery-log.ts';

/** One call of `append`, until all of it is on disk. */
interface Call {
  readonly results: AppendResult[];
  /** Its events that are not on disk yet; one that is stored in parts counts with each. */
  left: number;
  failed: boolean;
  readonly resolve: (results: readonly AppendResult[]) => void;
  readonly reject: (error: Error) => void;
}

/** An event, or a part of one, that waits for its commit. */
export interface WaitingEvent {
  readonly entry: NewEvent;
  readonly call: Call;
  readonly place: number;
  /** Of an event for very many webhooks. */
  readonly part: Part | null;
}

/** Webhooks of an event, from one place to before another. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly whole: Whole;
}

/** What the parts of an event share. */
export interface Whole {
  readonly parts: number;
  /** Its number and when it was accepted, where that does not say so; from the first part's commit on. */
  begun: { readonly seq: number; readonly acceptedAt: number | null } | null;
  /** It was stored before: no more parts are. */
  isDuplicate: boolean;
}

/**
 * Rows, of events and of deliveries, that one commit takes at most. They take some 12 µs of SQLite's writer each, so a commit
 * takes 20 ms of it. In one commit, 500 events for 1,000 webhooks kept everybody waiting for 17 to 42 s.
 */
export const mostRows = 1_500;
/** Characters of the events of one commit at most, unless a single one has more: some 3 to 10 ms. */
const mostCharacters = 2 ** 19;
/** What an account gets at a turn while others wait: an event, and more up to this. One that has no more waiting is light. */
const turnRows = 200;
const turnCharacters = 256 * 1024;
/** Rows of a commit for light accounts alone. */
const mostLightRows = 300;
/** It is worth its fsync when the other rows take so many times as long. */
const timesLonger = 4;

/**
 * What was called and is not on disk yet. Commits take shares of it by turns of the accounts, so that a call waits for the
 * commit under way and its own, however much others have called: a large call goes over many commits that others get
 * between. Within an account the order is that of the calls.
 */
export interface CommitQueue {
  /** Resolves when all are on disk; rejects when a commit with some of them failed, and drops the rest. */
  add(events: readonly NewEvent[]): Promise<readonly AppendResult[]>;
  /** The events of the next commit; none where all that wait are of accounts that have one under way ({@link CommitQueueOptions.oneByOne}). */
  take(): readonly WaitingEvent[];
  /**
   * The events of light accounts, for a commit of their own, if the rest would take several times as long; else none.
   *
   * @param otherRows of that rest, besides the events of other accounts that wait here
   */
  takeLight(otherRows: number): readonly WaitingEvent[];
  /** Events that wait, those of the commit under way included. */
  readonly events: number;
  readonly isEmpty: boolean;
  /**
   * What was taken is on disk, or was there before. Gives whom to answer, in the order of their calls.
   * @param results of an event in parts, that of its first part counts
   */
  stored(taken: readonly WaitingEvent[], results: readonly AppendResult[]): readonly (() => void)[];
  failed(taken: readonly WaitingEvent[], error: Error): void;
}

/** What one store does otherwise than another. */
export interface CommitQueueOptions {
  /** Called with the number of an event of which a part may be on disk and no more come, since its call failed. */
  readonly onGivenUp?: (event: number) => void;
  /** An event for more webhooks is stored in parts of so many; without: at once, for however many it is. */
  readonly mostInPart?: number;
  /** Webhooks that events for several have in one commit at most; without: no such bound. */
  readonly mostSpread?: number;
  /**
   * Of each account one commit is under way at a time: where commits go over several connections, nothing else keeps the order
   * of its calls.
   */
  readonly oneByOne?: boolean;
}

/** What an account has waiting. */
interface Queue {
  readonly waiting: Fifo<WaitingEvent>;
  rows: number;
  characters: number;
}

export function createCommitQueue({
  onGivenUp = () => {},
  mostInPart = Number.POSITIVE_INFINITY,
  mostSpread = Number.POSITIVE_INFINITY,
  oneByOne = false,
}: CommitQueueOptions = {}): CommitQueue {
  const byAccount = new Map<string, Queue>();
  /** Accounts with something waiting, in the order of their turns. */
  const turns: string[] = [];
  /** Those of them that are light, in the order in which they became it. */
  const light = new Set<string>();
  /** Rows of all others. */
  let heavyRows = 0;
  let inQueue = 0;
  let underWay = 0;
  /** Accounts with events under way, and how many, where they have one commit at a time. */
  const busy = new Map<string, number>();

  function begun(taken: readonly WaitingEvent[]): readonly WaitingEvent[] {
    underWay += taken.length;
    if (oneByOne) for (const waiting of taken) count(waiting, 1);
    return taken;
  }

  function ended(taken: readonly WaitingEvent[]): void {
    underWay -= taken.length;
    if (oneByOne) for (const waiting of taken) count(waiting, -1);
  }

  function count({ entry }: WaitingEvent, more: number): void {
    const { accountId } = entry.event;
    const events = (busy.get(accountId) ?? 0) + more;
    if (events > 0) busy.set(accountId, events);
    else busy.delete(accountId);
  }

  function put(waiting: WaitingEvent): void {
    const { accountId } = waiting.entry.event;
    let own = byAccount.get(accountId);
    if (!own) {
      own = { waiting: new Fifo(), rows: 0, characters: 0 };
      byAccount.set(accountId, own);
      turns.push(accountId);
    }
    own.waiting.push(waiting);
    weigh(accountId, own, rowsOf(waiting), charactersOf(waiting));
    inQueue++;
  }

  function shift(own: Queue): WaitingEvent | undefined {
    const head = own.waiting.shift();
    if (!head) return undefined;
    weigh(head.entry.event.accountId, own, -rowsOf(head), -charactersOf(head));
    inQueue--;
    return head;
  }

  /** Kept with every event, since whoever calls asks for the light ones, however many accounts there are. */
  function weigh(accountId: string, own: Queue, rows: number, characters: number): void {
    if (!light.has(accountId)) heavyRows -= own.rows;
    own.rows += rows;
    own.characters += characters;
    if (own.waiting.length > 0 && isLight(own)) light.add(accountId);
    else {
      light.delete(accountId);
      heavyRows += own.rows;
    }
  }

  /** The next of an account. Those of calls that failed are dropped, and further parts of what was there before. */
  function headOf(own: Queue): WaitingEvent | undefined {
    for (let head = own.waiting.peek(); head; head = own.waiting.peek()) {
      if (!head.call.failed && !head.part?.whole.isDuplicate) return head;
      shift(own);
      giveUp(head);
    }
    return undefined;
  }

  function giveUp({ part }: WaitingEvent): void {
    if (part?.whole.begun && !part.whole.isDuplicate) onGivenUp(part.whole.begun.seq);
  }

  function isLight(own: Queue): boolean {
    return own.rows <= turnRows && own.characters <= turnCharacters;
  }

  return {
    get events() {
      return inQueue + underWay;
    },
    get isEmpty() {
      return inQueue === 0;
    },
    add(events) {
      if (events.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        const call: Call = { results: [], left: 0, failed: false, resolve, reject };
        for (const [place, entry] of events.entries()) {
          for (const part of partsOf(entry, mostInPart)) {
            put({ entry, call, place, part });
            call.left++;
          }
        }
      });
    },
    take() {
      const taken: WaitingEvent[] = [];
      let rows = 0;
      const webhooks = new Set<string>();
      let characters = 0;
      let full = false;
      const passed: string[] = [];
      while (!full) {
        const accountId = turns.shift();
        if (accountId !== undefined && busy.has(accountId)) {
          passed.push(accountId);
          continue;
        }
        const own = accountId === undefined ? undefined : byAccount.get(accountId);
        if (accountId === undefined || !own) break;
        const [rowsBefore, charactersBefore] = [rows, characters];
        for (let head = headOf(own); head; head = headOf(own)) {
          if (rows - rowsBefore >= turnRows || characters - charactersBefore >= turnCharacters) break;
          full =
            taken.length > 0 &&
            (rows + rowsOf(head) > mostRows ||
              spreadOf(head, webhooks) > mostSpread ||
              characters + charactersOf(head) > mostCharacters ||
              isLaterPart(head, taken));
          if (full) break;
          shift(own);
          taken.push(head);
          rows += rowsOf(head);
          for (const id of spreadOver(head)) webhooks.add(id);
          characters += charactersOf(head);
        }
        if (own.waiting.length === 0) byAccount.delete(accountId);
        else if (rows === rowsBefore) turns.unshift(accountId);
        else turns.push(accountId);
      }
      turns.unshift(...passed);
      return begun(taken);
    },
    takeLight(otherRows) {
      const accounts: string[] = [];
      let rows = 0;
      for (const accountId of light) {
        if (busy.has(accountId)) continue;
        const more = byAccount.get(accountId)?.rows ?? 0;
        if (rows + more > mostLightRows) break;
        accounts.push(accountId);
        rows += more;
      }
      if (rows * timesLonger > otherRows + heavyRows) return [];
      const taken: WaitingEvent[] = [];
      for (const accountId of accounts) {
        const own = byAccount.get(accountId);
        if (!own) continue;
        for (let head = headOf(own); head && !isLaterPart(head, taken); head = headOf(own)) {
          shift(own);
          taken.push(head);
        }
        if (own.waiting.length > 0) continue;
        byAccount.delete(accountId);
        turns.splice(turns.indexOf(accountId), 1);
      }
      return begun(taken);
    },
    stored(taken, results) {
      ended(taken);
      const done: (() => void)[] = [];
      taken.forEach(({ call, place, part }, i) => {
        const result = results[i];
        if (!result || part?.whole.isDuplicate) return;
        if (part === null || part.from === 0) call.results[place] = result;
        call.left--;
        if (part !== null && part.from === 0 && result.result === 'duplicate') {
          part.whole.isDuplicate = true;
          call.left -= part.whole.parts - 1;
        }
        if (call.left === 0 && !call.failed) done.push(() => call.resolve(call.results));
      });
      return done;
    },
    failed(taken, error) {
      ended(taken);
      for (const waiting of taken) {
        const { call } = waiting;
        giveUp(waiting);
        if (call.failed) continue;
        call.failed = true;
        call.reject(error);
      }
    },
  };
}

export function rowsOfAll(events: readonly WaitingEvent[]): number {
  return events.reduce((rows, event) => rows + rowsOf(event), 0);
}

const none: readonly string[] = [];

function partsOf({ webhookIds }: NewEvent, mostInPart: number): readonly (Part | null)[] {
  const { length } = webhookIds;
  if (length <= mostInPart) return [null];
  const parts = Math.ceil(length / mostInPart);
  const whole: Whole = { parts, begun: null, isDuplicate: false };
  return Array.from({ length: parts }, (_, i) => {
    const from = i * mostInPart;
    return { from, to: Math.min(from + mostInPart, length), whole };
  });
}

/** Whether it is to wait until what was taken is on disk: the first part's answer may be that no more are wanted. */
function isLaterPart({ part }: WaitingEvent, taken: readonly WaitingEvent[]): boolean {
  return part !== null && part.from > 0 && taken.some((other) => other.part?.whole === part.whole);
}

function rowsOf({ entry, part }: WaitingEvent): number {
  if (part === null) return 1 + entry.webhookIds.length;
  return (part.from === 0 ? 1 : 0) + part.to - part.from;
}

/** How many webhooks a commit with those would have with it. */
function spreadOf(waiting: WaitingEvent, webhooks: ReadonlySet<string>): number {
  let spread = webhooks.size;
  for (const id of spreadOver(waiting)) if (!webhooks.has(id)) spread++;
  return spread;
}

/** Its webhooks; none where it has only one: that is all that most commits are made of, and they are bounded in rows. */
function spreadOver({ entry: { webhookIds }, part }: WaitingEvent): readonly string[] {
  if (part !== null) return webhookIds.slice(part.from, part.to);
  return webhookIds.length > 1 ? webhookIds : none;
}

/** About; what an event has beside these is short. */
function charactersOf({ entry, part }: WaitingEvent): number {
  return part === null || part.from === 0 ? (entry.size ?? 0) : 0;
}
