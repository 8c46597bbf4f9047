import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HookwireError } from '../../core/errors.ts';
import { costlyGzip } from '../../testing/costly-gzip.ts';
import { createUnpacking, mostPackedOfSender, type Unpacking } from './unpack.ts';

const mebibyte = 1024 * 1024;

function unpack(
  unpacking: Unpacking,
  packed: Buffer,
  most = 4 * mebibyte,
  who = 'a',
): Promise<Buffer | string> {
  return new Promise((resolve, reject) => {
    unpacking.unpack(who, packed, most, (error, body) => {
      if (body) resolve(body);
      else if (error instanceof HookwireError) resolve(error.code);
      else reject(error);
    });
  });
}

/** With another size in the trailer than it has. */
function lying(packed: Buffer, size: number): Buffer {
  const copy = Buffer.from(packed);
  copy.writeUInt32LE(size, copy.length - 4);
  return copy;
}

const noise = (bytes: number) =>
  Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 7919 + (i >> 3)) & 0xff));

describe('a body that came as gzip', () => {
  it.each([0, 1, 500, 128 * 1024, 128 * 1024 + 1, 3 * mebibyte])('is unpacked: %i bytes', async (bytes) => {
    const body = noise(bytes);
    expect(await unpack(createUnpacking(), gzipSync(body))).toEqual(body);
  });

  it('is unpacked as a whole where it is several pieces of gzip', async () => {
    const packed = Buffer.concat([gzipSync('{"a":'), gzipSync('1'), gzipSync('}')]);
    expect(String(await unpack(createUnpacking(), packed))).toBe('{"a":1}');
  });

  it('is taken up to its limit, and not beyond', async () => {
    const unpacking = createUnpacking();
    const body = Buffer.alloc(mebibyte, 'x');
    expect(await unpack(unpacking, gzipSync(body), mebibyte)).toEqual(body);
    expect(await unpack(unpacking, gzipSync(body), mebibyte - 1)).toBe('too_large');
    expect(await unpack(unpacking, gzipSync(Buffer.alloc(64 * mebibyte)), mebibyte)).toBe('too_large');
    expect(await unpack(unpacking, gzipSync(Buffer.alloc(100_000)), 16 * 1024)).toBe('too_large');
  });

  it.each([0, 1, 100, 4 * mebibyte, 2 ** 32 - 1])(
    'is refused whatever size it pretends to: %i',
    async (size) => {
      const unpacking = createUnpacking();
      expect(await unpack(unpacking, lying(gzipSync(Buffer.alloc(64 * mebibyte)), size))).toBe('too_large');
      expect(await unpack(unpacking, lying(gzipSync(noise(5_000)), size))).toBe('invalid_request');
      expect(await unpack(unpacking, lying(gzipSync(noise(500_000)), size))).toBe('invalid_request');
    },
  );

  it('is refused where it was cut off anywhere, or is none', async () => {
    const unpacking = createUnpacking();
    for (const body of [noise(40), noise(300_000)]) {
      const packed = gzipSync(body);
      for (const at of [1, 5, 10, 20, packed.length >> 1, packed.length - 8, packed.length - 1])
        expect([at, await unpack(unpacking, packed.subarray(0, at))]).toEqual([at, 'invalid_request']);
      const broken = Buffer.from(packed);
      broken[packed.length >> 1] = (broken[packed.length >> 1] ?? 0) ^ 0xff;
      expect(await unpack(unpacking, broken)).toBe('invalid_request');
    }
    for (const none of ['{"a":1}', '\x1f\x8b', '\x1f\x8b\x08'])
      expect(await unpack(unpacking, Buffer.from(none, 'latin1'))).toBe('invalid_request');
    expect(await unpack(unpacking, Buffer.concat([gzipSync('{}'), Buffer.from('{"more":1}')]))).toBe(
      'invalid_request',
    );
  });

  it('leaves the main thread to others, whatever is dear about it', async () => {
    const packed = costlyGzip(4 * mebibyte);
    const before = process.threadCpuUsage();
    expect(await unpack(createUnpacking(), packed)).toBeInstanceOf(Buffer);
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(50);
  });

  it('waits for the turn of its sender, and is refused where too much of one waits', async () => {
    const unpacking = createUnpacking();
    const packed = gzipSync(noise(mebibyte), { level: 0 });
    const order: string[] = [];
    const send = (who: string) =>
      unpack(unpacking, packed, 4 * mebibyte, who).then((body) => order.push(who) && body);
    const many = Array.from({ length: 40 }, () => send('many'));
    const few = send('few');
    const results = await Promise.all(many);
    expect(await few).toBeInstanceOf(Buffer);
    expect(order.indexOf('few')).toBeLessThan(12);
    const taken = results.filter((body) => body !== 'overloaded').length;
    expect(taken).toBeGreaterThanOrEqual(Math.floor(mostPackedOfSender / packed.length));
    expect(taken).toBeLessThan(40);
  });
});
