import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Answer, decode, encode, type Packet } from 'dns-packet';
import type { Clock } from '../../core/clock.ts';
import { systemClock } from '../../core/clock.ts';

/** What a name server does when it is asked. Times to live are seconds. */
export type Mood =
  | { readonly addresses: readonly string[]; readonly ttl?: number; readonly alias?: string }
  | 'silent'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'FORMERR'
  | 'NXDOMAIN'
  /** The name exists, without an address of the type. */
  | 'empty'
  /** Bytes that are no message, with the right id. */
  | 'garbage'
  /** The answer to another question, with the right id. */
  | 'foreign'
  /** Over UDP only that there is more; over TCP what is given. */
  | { readonly truncated: Mood }
  | { readonly after: number; readonly mood: Mood };

/** One question as it came. */
export interface AskedQuestion {
  readonly name: string;
  readonly type: string;
  readonly over: 'udp' | 'tcp';
  /** The questioner takes answers of more than 512 bytes. */
  readonly edns: boolean;
}

export interface PlayedNameServer extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Every question so far. */
  readonly asked: readonly AskedQuestion[];
  /** Resolves when so many questions have come. */
  heard(count: number): Promise<void>;
  /** What it does from now on. */
  play(script: NameScript): void;
  close(): Promise<void>;
}

export type NameScript = (question: AskedQuestion) => Mood;

export interface NameServerOptions {
  /** Times its late answers. */
  readonly clock?: Clock;
  readonly address?: string;
  /** How long a zone lets names be taken for absent; `null`: it does not say. */
  readonly absentTtl?: number | null;
}

/** A name server on loopback, over UDP and TCP, that plays a script. */
export async function createNameServer(
  script: NameScript,
  options: NameServerOptions = {},
): Promise<PlayedNameServer> {
  const { clock = systemClock, address = '127.0.0.1', absentTtl = 60 } = options;
  let current = script;
  const asked: AskedQuestion[] = [];
  const waiting = new Set<() => void>();
  const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const streams = new Set<Socket>();

  function answer(query: Buffer, over: 'udp' | 'tcp', send: (message: Buffer) => void): void {
    const packet = decode(query);
    const [first] = packet.questions ?? [];
    if (!first) return;
    const edns = (packet.additionals ?? []).some(({ type }) => type === 'OPT');
    const question: AskedQuestion = { name: first.name, type: first.type, over, edns };
    asked.push(question);
    play(current(question), packet, question, send);
    for (const check of [...waiting]) check();
  }

  function play(mood: Mood, query: Packet, question: AskedQuestion, send: (message: Buffer) => void): void {
    if (mood === 'silent') return;
    if (typeof mood === 'object' && 'after' in mood) {
      clock.setTimer(() => play(mood.mood, query, question, send), mood.after);
      return;
    }
    if (typeof mood === 'object' && 'truncated' in mood) {
      if (question.over === 'tcp') play(mood.truncated, query, question, send);
      else send(encode({ ...reply(query), flags: 0x0200 }));
      return;
    }
    if (mood === 'garbage') send(Buffer.concat([idOf(query), Buffer.from('8180000100010000000003', 'hex')]));
    else send(messageOf(mood, query, question));
  }

  function messageOf(
    mood: Exclude<Mood, 'silent' | 'garbage' | { after: number } | { truncated: Mood }>,
    query: Packet,
    { name, type }: AskedQuestion,
  ): Buffer {
    if (mood === 'foreign') {
      const other = { type: 'A', name: 'other.example', class: 'IN' } as const;
      const answers: Answer[] = [{ type: 'A', name: 'other.example', ttl: 60, data: '192.0.2.66' }];
      return encode({ ...reply(query), questions: [other], answers });
    }
    if (typeof mood === 'object') return encode({ ...reply(query), answers: records(mood, name, type) });
    const rcodes = { empty: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
    const isAbsent = mood === 'empty' || mood === 'NXDOMAIN';
    return encode({
      ...reply(query),
      flags: rcodes[mood],
      authorities: isAbsent && absentTtl !== null ? [soa(absentTtl)] : [],
    });
  }

  udp.on('message', (query: Buffer, from: RemoteInfo) => {
    answer(query, 'udp', (message) => {
      if (!closed) udp.send(message, from.port, from.address, () => {});
    });
  });
  const tcp = createServer((stream) => {
    streams.add(stream);
    let received = Buffer.alloc(0);
    stream.on('error', () => {});
    stream.on('close', () => streams.delete(stream));
    stream.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < received.readUInt16BE(0) + 2) return;
      answer(received.subarray(2), 'tcp', (message) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(message.length);
        stream.end(Buffer.concat([length, message]));
      });
    });
  });
  let closed = false;
  // A port that is free for UDP may be taken for TCP.
  tcp.listen(0, address);
  await once(tcp, 'listening');
  const { port } = tcp.address() as { port: number };
  udp.bind(port, address);
  await once(udp, 'listening');

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    for (const stream of streams) stream.destroy();
    udp.close();
    tcp.close();
    await once(tcp, 'close');
  }

  return {
    address,
    port,
    asked,
    heard(count) {
      return new Promise((resolve) => {
        const check = (): void => {
          if (asked.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    play(next) {
      current = next;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function reply(query: Packet): Packet {
  return { type: 'response', id: query.id ?? 0, questions: query.questions ?? [] };
}

function idOf(query: Packet): Buffer {
  const id = Buffer.alloc(2);
  id.writeUInt16BE(query.id ?? 0);
  return id;
}

function records(
  { addresses, ttl = 300, alias }: Extract<Mood, { addresses: readonly string[] }>,
  name: string,
  type: string,
): Answer[] {
  const owner = alias ?? name;
  const own = addresses
    .filter((one) => one.includes(':') === (type === 'AAAA'))
    .map((data): Answer => ({ type: data.includes(':') ? 'AAAA' : 'A', name: owner, ttl, data }));
  return alias === undefined ? own : [{ type: 'CNAME', name, ttl, data: alias }, ...own];
}

function soa(minimum: number): Answer {
  const data = {
    mname: 'ns.example',
    rname: 'root.example',
    serial: 1,
    refresh: 1,
    retry: 1,
    expire: 1,
    minimum,
  };
  return { type: 'SOA', name: 'example', ttl: 3_600, data };
}
