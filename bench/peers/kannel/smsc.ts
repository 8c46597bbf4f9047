import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * An SMS centre for one client over SMPP 3.4: takes messages, keeps their receipts back, and sends them all when it is
 * told to, with a window of unanswered ones.
 *
 * A PDU is `length | command | status | sequence`, 4 bytes each, and a body; strings in it end with a zero byte.
 */
export interface MessageCentre {
  readonly port: number;
  /** Resolves when the client has bound. */
  readonly bound: Promise<void>;
  /** Receipts kept back. */
  readonly held: number;
  release(window: number): void;
  close(): void;
}

const command = {
  submit: 0x04,
  deliver: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  enquireLink: 0x15,
  answer: 0x8000_0000,
} as const;

interface Held {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export async function startMessageCentre(): Promise<MessageCentre> {
  const held: Held[] = [];
  const bound = Promise.withResolvers<void>();
  let client: Socket | null = null;
  let window = 0;
  let sent = 0;
  let answered = 0;
  let sequence = 0;

  function pump(): void {
    for (; window > 0 && sent - answered < window && sent < held.length; sent++) {
      const receipt = held[sent];
      if (receipt) client?.write(pdu(command.deliver, ++sequence, receiptBody(receipt)));
    }
  }

  function take(socket: Socket, packet: Buffer): void {
    const kind = packet.readUInt32BE(4);
    const number = packet.readUInt32BE(12);
    const answer = (body: Buffer = Buffer.alloc(0)): unknown =>
      socket.write(pdu(kind + command.answer, number, body));
    switch (kind) {
      case command.bindTransceiver:
        client = socket;
        answer(text('centre'));
        bound.resolve();
        break;
      case command.submit: {
        const { from, to, wantsReceipt } = readSubmit(packet);
        const id = String(held.length + 1);
        if (wantsReceipt) held.push({ id, from, to });
        answer(text(id));
        break;
      }
      case command.enquireLink:
      case command.unbind:
        answer();
        break;
      case command.deliver + command.answer:
        answered++;
        pump();
        break;
    }
  }

  const server = createServer((socket) => {
    let buffered: Buffer = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 16 && buffered.length >= buffered.readUInt32BE(0)) {
        const length = buffered.readUInt32BE(0);
        take(socket, buffered.subarray(0, length));
        buffered = buffered.subarray(length);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    bound: bound.promise,
    get held() {
      return held.length;
    },
    release(size) {
      window = size;
      pump();
    },
    close() {
      client?.destroy();
      server.close();
    },
  };
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, 'latin1');
}

function pdu(kind: number, sequence: number, body: Buffer): Buffer {
  const packet = Buffer.alloc(16 + body.length);
  packet.writeUInt32BE(packet.length, 0);
  packet.writeUInt32BE(kind, 4);
  packet.writeUInt32BE(sequence, 12);
  body.copy(packet, 16);
  return packet;
}

/** service type, from (ton, npi, address), to (the same), class, protocol, priority, two times, registered delivery. */
function readSubmit(packet: Buffer): { from: string; to: string; wantsReceipt: boolean } {
  let at = 16;
  const string = (): string => {
    const end = packet.indexOf(0, at);
    const value = packet.toString('latin1', at, end);
    at = end + 1;
    return value;
  };
  string();
  at += 2;
  const from = string();
  at += 2;
  const to = string();
  at += 3;
  string();
  string();
  return { from, to, wantsReceipt: ((packet[at] ?? 0) & 1) === 1 };
}

/** `id:1 sub:001 dlvrd:001 submit date:2611221015 done date:2611221015 stat:DELIVRD err:000 text:` from the number. */
function receiptBody({ id, from, to }: Held): Buffer {
  const date = new Date().toISOString().replace(/\D/g, '').slice(2, 12);
  const message = Buffer.from(
    `id:${id} sub:001 dlvrd:001 submit date:${date} done date:${date} stat:DELIVRD err:000 text:`,
    'latin1',
  );
  const isReceipt = 4;
  return Buffer.concat([
    text(''),
    Buffer.of(1, 1),
    text(to),
    Buffer.of(1, 1),
    text(from),
    Buffer.of(isReceipt, 0, 0, 0, 0, 0, 0, 0, 0, message.length),
    message,
  ]);
}
