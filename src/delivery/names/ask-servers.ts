import { randomInt } from 'node:crypto';
import type { NameServer } from '../../config/parsers.ts';
import type { Clock, Timer } from '../../core/clock.ts';
import { askServer, type Heard, type Inquiry } from './ask-server.ts';
import type { NameAnswer, NameQuestion, RecordType } from './message.ts';
import type { ResolvConf } from './resolv-conf.ts';

/** Why no server answered: what the one said that said most. */
export type NoAnswer =
  | Extract<Heard, { kind: 'refused' | 'unreadable' | 'unreachable' | 'short' }>
  | { readonly kind: 'silent' };

export type Reply = NameAnswer | NoAnswer;

export interface NameServers {
  /**
   * @param withinMs how long there may be no answer
   * @param onReply called once for each type
   */
  ask(
    name: string,
    types: readonly RecordType[],
    withinMs: number,
    onReply: (type: RecordType, reply: Reply) => void,
  ): Inquiry;
  /** Ends everything that is asked for, as if there was no time any more. */
  close(): void;
}

/** A server that said nothing while another one answered is asked last for so long. */
const silentForMs = 30_000;
/** Less patience with a server makes no sense: its own look-up may take as long. */
const leastPatienceMs = 300;

/** What says most of why there is no answer. */
const tellingOrder: readonly NoAnswer['kind'][] = ['silent', 'unreachable', 'unreadable', 'refused', 'short'];

/**
 * The name servers of the machine.
 *
 * ```text
 * server 1 ──(no answer for a while, or none that helps)──▸ server 2 ──▸ … ──▸ server 1 again ──▸ …
 *    └── goes on being listened to: a late answer is an answer
 * ```
 * How long "a while" is follows from `timeout` and from the time that there is: the five seconds that are usual would leave
 * a second server none of it.
 */
export function createNameServers(conf: () => ResolvConf, clock: Clock): NameServers {
  const underWay = new Set<() => void>();
  const silentUntil = new Map<string, number>();
  let turn = 0;

  function inOrder({ servers, rotate }: ResolvConf): readonly NameServer[] {
    const now = clock.now();
    const from = rotate ? turn++ % servers.length : 0;
    const turned = [...servers.slice(from), ...servers.slice(0, from)];
    const isSilent = (server: NameServer): boolean => {
      const until = silentUntil.get(keyOf(server)) ?? 0;
      return until > now && until - now <= silentForMs;
    };
    return [...turned.filter((server) => !isSilent(server)), ...turned.filter(isSilent)];
  }

  return {
    close() {
      for (const end of [...underWay]) end();
    },
    ask(name, types, withinMs, onReply) {
      const current = conf();
      const servers = inOrder(current);
      const tries = Array.from({ length: current.attempts }, () => servers).flat();
      const share = Math.floor(withinMs / tries.length);
      const patienceMs = Math.min(current.timeoutMs, Math.max(share, leastPatienceMs));
      const open = new Set(types);
      const worst = new Map<RecordType, NoAnswer>(types.map((type) => [type, { kind: 'silent' }]));
      const inquiries: Inquiry[] = [];
      /** Servers that were asked for a type and have said nothing of it. */
      const unheard = new Map<RecordType, NameServer[]>(types.map((type) => [type, []]));
      const deadline = clock.setTimer(() => end(), withinMs);
      let nextTimer: Timer | null = null;

      function reply(type: RecordType, what: Reply): void {
        if (!open.delete(type)) return;
        if (open.size === 0) close();
        onReply(type, what);
      }

      function end(): void {
        for (const type of [...open]) reply(type, worst.get(type) ?? { kind: 'silent' });
      }

      function close(): void {
        open.clear();
        underWay.delete(end);
        deadline.cancel();
        nextTimer?.cancel();
        for (const inquiry of inquiries) inquiry.close();
      }

      function heard(server: NameServer, type: RecordType, what: Heard): void {
        if (!open.has(type)) return;
        const waiting = unheard.get(type) ?? [];
        const place = waiting.indexOf(server);
        if (place >= 0) waiting.splice(place, 1);
        if (what.kind === 'addresses' || what.kind === 'none' || what.kind === 'unknown') {
          silentUntil.delete(keyOf(server));
          for (const other of waiting) {
            if (other !== server) silentUntil.set(keyOf(other), clock.now() + silentForMs);
          }
          reply(type, what);
          return;
        }
        const before = worst.get(type);
        if (!before || tellingOrder.indexOf(what.kind) >= tellingOrder.indexOf(before.kind))
          worst.set(type, what);
        // The machine itself is short: every further server would cost another one.
        if (what.kind === 'short') end();
        else if ([...open].every((each) => unheard.get(each)?.length === 0)) next();
      }

      function next(): void {
        nextTimer?.cancel();
        nextTimer = null;
        const server = tries.shift();
        if (!server) {
          for (const type of [...open]) {
            if (unheard.get(type)?.length === 0) reply(type, worst.get(type) ?? { kind: 'silent' });
          }
          return;
        }
        const questions = [...open].map((type): NameQuestion => ({ id: freshId(), name, type }));
        for (const type of open) unheard.get(type)?.push(server);
        // Before it is asked: it may fail at once.
        if (tries.length > 0) nextTimer = clock.setTimer(next, patienceMs);
        inquiries.push(
          askServer(server, distinct(questions), current.useTcp, (question, what) =>
            heard(server, question.type, what),
          ),
        );
        if (open.size === 0) close();
      }

      underWay.add(end);
      next();
      return { close };
    },
  };
}

function keyOf({ address, port }: NameServer): string {
  return `${address} ${port}`;
}

function freshId(): number {
  return randomInt(0x10000);
}

/** Two questions over one socket are told apart by their ids. */
function distinct(questions: readonly NameQuestion[]): readonly NameQuestion[] {
  const seen = new Set<number>();
  return questions.map((question) => {
    let { id } = question;
    while (seen.has(id)) id = (id + 1) % 0x10000;
    seen.add(id);
    return { ...question, id };
  });
}
