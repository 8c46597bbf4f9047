import { type DecodedPacket, decode, encode, type OptAnswer, RECURSION_DESIRED } from 'dns-packet';

export type RecordType = 'A' | 'AAAA';

/** One question to a name server. */
export interface NameQuestion {
  /** 16 bits. */
  readonly id: number;
  /** Complete, in lower case, without the dot at the end. */
  readonly name: string;
  readonly type: RecordType;
}

/** What a name server knows. Times to live are seconds; `null`: it does not say. */
export type NameAnswer =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[]; readonly ttl: number }
  /** The name exists, but has no address of this type (NODATA). */
  | { readonly kind: 'none'; readonly ttl: number | null }
  /** There is no such name (NXDOMAIN). */
  | { readonly kind: 'unknown'; readonly ttl: number | null };

/** What came in answer to a question. */
export type ReadMessage =
  | NameAnswer
  /** The server could not, or would not: `SERVFAIL`, `REFUSED` … */
  | { readonly kind: 'refused'; readonly code: string }
  /** There is more than fits: ask over TCP. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'unreadable' }
  /** It answers something else. */
  | { readonly kind: 'foreign' };

/** What a UDP answer may have without being cut by a path that carries less (DNS flag day 2020). */
const udpBytes = 1232;
const mostAddresses = 16;
const truncatedFlag = 0x0200;
const answerFlag = 0x8000;

/** @param edns whether larger answers than 512 bytes are asked for; some old servers answer FORMERR to that */
export function encodeQuestion({ id, name, type }: NameQuestion, edns: boolean): Buffer {
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name, class: 'IN' }],
    additionals: edns ? [larger] : [],
  });
}

const larger: OptAnswer = {
  ...{ type: 'OPT', name: '.', udpPayloadSize: udpBytes, flags: 0, options: [] },
  ...{ extendedRcode: 0, ednsVersion: 0, flag_do: false },
};

/** Reads a server's message. Never throws, whatever the bytes are. */
export function readAnswer(message: Buffer, question: NameQuestion): ReadMessage {
  if (message.length < 12 || message.readUInt16BE(0) !== question.id) return { kind: 'foreign' };
  const flags = message.readUInt16BE(2);
  if ((flags & answerFlag) === 0) return { kind: 'foreign' };
  // What is cut may be cut anywhere, so it is not read.
  if ((flags & truncatedFlag) !== 0) return { kind: 'truncated' };
  let packet: DecodedPacket;
  try {
    packet = decode(message);
  } catch {
    return { kind: 'unreadable' };
  }
  const [asked] = packet.questions ?? [];
  const code = codeOf(packet);
  // A server that refuses need not repeat the question.
  if (!asked) return code === 'NOERROR' ? { kind: 'unreadable' } : { kind: 'refused', code };
  if (asked.type !== question.type || asked.name.toLowerCase() !== question.name) return { kind: 'foreign' };
  if (code === 'NXDOMAIN') return { kind: 'unknown', ttl: negativeTtl(packet) };
  return code === 'NOERROR' ? addressesOf(packet, question) : { kind: 'refused', code };
}

function codeOf(packet: DecodedPacket): string {
  const extended = (packet.additionals ?? []).find(({ type }) => type === 'OPT');
  const high = extended ? Reflect.get(extended, 'extendedRcode') : 0;
  if (typeof high === 'number' && high !== 0) return 'BADVERS';
  return String(Reflect.get(packet, 'rcode'));
}

/** Follows the aliases from the name that was asked for. */
function addressesOf(packet: DecodedPacket, { name, type }: NameQuestion): NameAnswer {
  const answers = packet.answers ?? [];
  const owners = new Set([name]);
  let ttl = Number.POSITIVE_INFINITY;
  // A chain has an alias for each step at most, in whatever order they stand.
  for (let grew = true; grew; ) {
    grew = false;
    for (const record of answers) {
      if (record.type !== 'CNAME' || !owners.has(record.name.toLowerCase())) continue;
      const target = record.data.toLowerCase();
      if (owners.has(target)) continue;
      owners.add(target);
      ttl = Math.min(ttl, record.ttl ?? 0);
      grew = true;
    }
  }
  const addresses = new Set<string>();
  for (const record of answers) {
    if (record.type !== type || !owners.has(record.name.toLowerCase())) continue;
    if (addresses.size < mostAddresses) addresses.add(String(record.data));
    ttl = Math.min(ttl, record.ttl ?? 0);
  }
  if (addresses.size === 0) return { kind: 'none', ttl: negativeTtl(packet) };
  return { kind: 'addresses', addresses: [...addresses], ttl };
}

/** How long the zone lets a name be taken for absent (RFC 2308, 5). */
function negativeTtl(packet: DecodedPacket): number | null {
  for (const record of packet.authorities ?? []) {
    if (record.type === 'SOA') return Math.min(record.ttl ?? 0, record.data.minimum ?? 0);
  }
  return null;
}
