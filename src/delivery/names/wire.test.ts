import { encode } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesOf } from './candidates.ts';
import { parseHostsFile } from './hosts-file.ts';
import { encodeQuestion, type NameQuestion, readAnswer } from './message.ts';
import { parseResolvConf } from './resolv-conf.ts';

const question: NameQuestion = { id: 7, name: 'shop.example', type: 'A' };
const asked = [{ type: 'A', name: 'Shop.Example', class: 'IN' }] as const;
const a = (name: string, data: string, ttl = 60) => ({ type: 'A', name, data, ttl }) as const;
const alias = (name: string, data: string, ttl = 60) => ({ type: 'CNAME', name, data, ttl }) as const;

function answering(answers: Parameters<typeof encode>[0]['answers'], more: object = {}): Buffer {
  return encode({ type: 'response', id: 7, questions: [...asked], answers: answers ?? [], ...more });
}

describe('a message', () => {
  it('is read whatever its bytes are', () => {
    const real = answering([alias('shop.example', 'cdn.example'), a('cdn.example', '192.0.2.1')]);
    const change = fc.record({ at: fc.nat(real.length - 1), to: fc.nat(255) });
    const kinds = ['addresses', 'none', 'unknown', 'refused', 'truncated', 'unreadable', 'foreign'];
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(real.length), (changes, length) => {
        const bytes = Buffer.from(real.subarray(0, length));
        for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to;
        expect(kinds).toContain(readAnswer(bytes, question).kind);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(kinds).toContain(readAnswer(Buffer.from(bytes), question).kind);
      }),
    );
  });

  it('answers the name that was asked for, over its aliases in any order, for as long as the shortest of them', () => {
    const answers = [
      a('b.example', '192.0.2.1', 300),
      a('other.example', '192.0.2.66', 1),
      alias('a.example', 'b.example', 20),
      alias('shop.example', 'a.example', 100),
    ];
    expect(readAnswer(answering(answers), question)).toEqual({
      kind: 'addresses',
      addresses: ['192.0.2.1'],
      ttl: 20,
    });
  });

  it('with aliases that go round in circles has no address', () => {
    const circle = [alias('shop.example', 'a.example'), alias('a.example', 'shop.example')];
    expect(readAnswer(answering(circle), question)).toEqual({ kind: 'none', ttl: null });
  });

  it('of another id, another name or another type is not the answer', () => {
    const answer = answering([a('shop.example', '192.0.2.1')]);
    expect(readAnswer(answer, { ...question, id: 8 }).kind).toBe('foreign');
    expect(readAnswer(answer, { ...question, name: 'shop.example.org' }).kind).toBe('foreign');
    expect(readAnswer(answer, { ...question, type: 'AAAA' }).kind).toBe('foreign');
    expect(readAnswer(encodeQuestion(question, true), question).kind).toBe('foreign');
  });

  it('brings 16 addresses at most, however many it has', () => {
    const many = Array.from({ length: 60 }, (_, i) => a('shop.example', `192.0.2.${i}`));
    const read = readAnswer(answering(many), question);
    expect(read.kind === 'addresses' && read.addresses).toHaveLength(16);
  });
});

describe('resolv.conf', () => {
  it('says which servers, which search domains, and how they are used', () => {
    const text = `
# by hand
nameserver 10.0.0.2 ; the first
nameserver fd00::53
nameserver ns.example
nameserver fe80::1%eth0
nameserver 10.0.0.5
domain old.example
search Corp.Example. lan
options ndots:5 timeout:1 attempts:3 rotate edns0 use-vc trust-ad
`;
    expect(parseResolvConf(text)).toEqual({
      servers: ['10.0.0.2', 'fd00::53', 'fe80::1%eth0'].map((address) => ({ address, port: 53 })),
      search: ['corp.example', 'lan'],
      ...{ ndots: 5, timeoutMs: 1_000, attempts: 3, rotate: true, useTcp: true },
    });
  });

  it('that says nothing, or nonsense, has the usual values', () => {
    const usual = {
      servers: [{ address: '127.0.0.1', port: 53 }],
      search: [],
      ...{ ndots: 1, timeoutMs: 5_000, attempts: 2, rotate: false, useTcp: false },
    };
    expect(parseResolvConf('')).toEqual(usual);
    expect(parseResolvConf('nameserver\noptions ndots:x timeout attempts:-1 constructor:3\nsearch')).toEqual(
      usual,
    );
    expect(parseResolvConf('options ndots:99 timeout:99 attempts:99')).toMatchObject({
      ...{ ndots: 15, timeoutMs: 30_000, attempts: 5 },
    });
  });
});

describe('a hosts file', () => {
  it('gives names their addresses, in their order, each once', () => {
    const hosts = parseHostsFile('10.0.0.1 A.example a # x\n#10.0.0.9 a\n::1\ta\n10.0.0.1 a\nnonsense b\n');
    expect(hosts).toEqual(
      new Map([
        ['a.example', ['10.0.0.1']],
        ['a', ['10.0.0.1', '::1']],
      ]),
    );
  });
});

describe('what is looked up for a host', () => {
  const conf = { search: ['lan'], ndots: 1 };

  it.each([
    ['192.0.2.1', { addresses: ['192.0.2.1'] }],
    ['192.0.2.1.', { addresses: ['192.0.2.1'] }],
    ['::1', { addresses: ['::1'] }],
    ['db', { names: ['db.lan', 'db'] }],
    ['Db.', { names: ['db'] }],
    ['notlocalhost', { names: ['notlocalhost.lan', 'notlocalhost'] }],
    ['_dmarc.shop-1.example', { names: ['_dmarc.shop-1.example', '_dmarc.shop-1.example.lan'] }],
    ['.', { invalid: 'nothing stands in it' }],
    ['a b', { invalid: '" " stands in it' }],
  ])('%s: %j', (host, candidates) => {
    expect(candidatesOf(host, conf)).toEqual(candidates);
  });
});
