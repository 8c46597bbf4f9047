import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arrivals } from '../../testing/arrivals.ts';
import { createManualClock, type ManualClock } from '../../testing/manual-clock.ts';
import {
  createNameServer,
  type Mood,
  type NameScript,
  type PlayedNameServer,
} from '../../testing/name-server/name-server.ts';
import { createNames, type Names, type NamesOptions, type Resolution } from './names.ts';

let clock: ManualClock;
let directory: string;
const opened: (() => unknown)[] = [];
beforeEach(async () => {
  clock = createManualClock();
  directory = await mkdtemp(join(tmpdir(), 'hookwire-names-'));
  opened.push(() => rm(directory, { recursive: true }));
  await conf('');
});
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function conf(text: string): Promise<void> {
  await writeFile(join(directory, 'resolv.conf'), text);
}

async function play(script: Mood | NameScript): Promise<PlayedNameServer> {
  const server = await createNameServer(typeof script === 'function' ? script : () => script, { clock });
  opened.push(() => server.close());
  return server;
}

function open(servers: readonly PlayedNameServer[], options: Partial<NamesOptions> = {}): Names {
  const names = createNames({
    clock,
    resolvConf: join(directory, 'resolv.conf'),
    hostsFile: join(directory, 'hosts'),
    servers: servers.map(({ address, port }) => ({ address, port })),
    ...options,
  });
  opened.push(() => names.close());
  return names;
}

const asking = { account: 'acc_1' };

function words(resolution: Resolution): string {
  return 'error' in resolution ? resolution.error.message : JSON.stringify(resolution.addresses);
}

function addresses(resolution: Resolution): string[] {
  if ('error' in resolution) throw resolution.error;
  return resolution.addresses.map(({ address }) => address);
}

/** Lets messages on loopback arrive, then time pass, again and again until the look-up has ended. */
async function passing<T>(running: Promise<T>, stepMs = 100): Promise<T> {
  let isOver = false;
  void running.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await arrivals();
    if (!isOver) clock.advance(stepMs);
  }
  return await running;
}

const here: Mood = { addresses: ['192.0.2.1', '2001:db8::1'] };

describe('a look-up', () => {
  it('finds the IPv4 and the IPv6 addresses of a name, asking once for each', async () => {
    const server = await play(here);
    const found = await open([server]).resolve('shop.example', asking);
    expect(addresses(found).sort()).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(server.asked.map(({ type }) => type).sort()).toEqual(['A', 'AAAA']);
  });

  it.each<readonly [string, Mood, RegExp]>([
    ['there is no such name', 'NXDOMAIN', /There is no shop\.example in DNS \(NXDOMAIN\)/],
    ['it has no address', 'empty', /without an address \(neither A nor AAAA\)/],
    ['the server fails', 'SERVFAIL', /could not find shop\.example \(SERVFAIL\)/],
    ['the server refuses', 'REFUSED', /could not find shop\.example \(REFUSED\)/],
    ['the server is silent', 'silent', /No name server answered within 5 s when asked for shop\.example/],
    ['what comes cannot be read', 'garbage', /what the name server answered cannot be read/],
    ['what comes answers something else', 'foreign', /No name server answered within 5 s/],
    ['what is truncated is empty over TCP too', { truncated: 'empty' }, /without an address/],
  ])('says so when %s', async (_, mood, sentence) => {
    const names = open([await play(mood)]);
    const resolution = await passing(names.resolve('shop.example', asking));
    expect(words(resolution)).toMatch(sentence);
    expect(words(resolution)).toMatch(/shop\.example.*\.$/);
  });

  it('says so when nothing listens where the name server should be', async () => {
    const server = await play(here);
    await server.close();
    expect(words(await open([server]).resolve('shop.example', asking))).toMatch(
      /no name server can be reached/,
    );
  });

  it('takes an answer that comes after 3 s', async () => {
    const names = open([await play({ after: 3_000, mood: here })]);
    expect(addresses(await passing(names.resolve('shop.example', asking)))).toContain('192.0.2.1');
  });

  it('goes over to TCP for what does not fit', async () => {
    const many = Array.from({ length: 12 }, (_, i) => `192.0.2.${i}`);
    const server = await play({ truncated: { addresses: many } });
    const found = await open([server]).resolve('shop.example', asking);
    expect(addresses(found)).toEqual(many);
    expect(server.asked.filter(({ over }) => over === 'tcp')).toHaveLength(2);
  });

  it('follows aliases', async () => {
    const server = await play({ addresses: ['192.0.2.1'], alias: 'cdn.example.net' });
    expect(addresses(await open([server]).resolve('shop.example', asking))).toEqual(['192.0.2.1']);
  });

  it('asks an old server again without what it does not understand', async () => {
    const server = await play(({ edns }) => (edns ? 'FORMERR' : here));
    expect(addresses(await open([server]).resolve('shop.example', asking))).toContain('192.0.2.1');
  });

  it.each<readonly [string, Mood, Mood]>([
    ['A', { addresses: ['192.0.2.1'] }, 'silent'],
    ['AAAA', 'silent', { addresses: ['2001:db8::1'] }],
  ])('goes on with %s when the other type is not answered', async (_, v4, v6) => {
    const names = open([await play(({ type }) => (type === 'A' ? v4 : v6))]);
    const before = clock.now();
    expect(addresses(await passing(names.resolve('shop.example', asking), 10))).toHaveLength(1);
    expect(clock.now() - before).toBeLessThan(500);
  });

  it('says which of the two types is absent and which not answered', async () => {
    const names = open([await play(({ type }) => (type === 'A' ? 'empty' : 'silent'))]);
    expect(words(await passing(names.resolve('shop.example', asking)))).toMatch(
      /shop\.example has no IPv4 address in DNS, and its IPv6 address was not answered within 5 s/,
    );
  });

  it('of an absent type waits for the other one', async () => {
    const names = open([await play(({ type }) => (type === 'A' ? { after: 2_000, mood: here } : 'empty'))]);
    expect(addresses(await passing(names.resolve('shop.example', asking)))).toEqual(['192.0.2.1']);
  });

  it.each([
    ...['', `${'a'.repeat(64)}.example`, 'a..example', 'a.example..', `${'a.'.repeat(130)}example`],
    ...['-a.example', 'a-.example', '*.example', 'a.-'],
  ])('of what cannot be a name asks nobody: %j', async (host) => {
    const server = await play(here);
    expect(words(await open([server]).resolve(host, asking))).toContain('cannot be a name in DNS');
    expect(server.asked).toEqual([]);
  });

  it('of letters beyond ASCII asks for what stands for them', async () => {
    const server = await play(here);
    await open([server]).resolve('bücher.example', asking);
    expect(server.asked[0]?.name).toBe('xn--bcher-kva.example');
  });

  it.each(['localhost', 'LOCALHOST.', 'api.localhost'])('of %s never leaves the machine', async (host) => {
    const server = await play(here);
    expect(addresses(await open([server]).resolve(host, asking)).sort()).toEqual(['127.0.0.1', '::1']);
    expect(server.asked).toEqual([]);
  });

  it('ends when the gateway stops', async () => {
    const server = await play('silent');
    const names = open([server]);
    const running = names.resolve('shop.example', asking);
    await server.heard(2);
    names.close();
    expect(await running).toHaveProperty('error');
  });
});

describe('several name servers', () => {
  it('are asked in turn when the first one is silent, which is asked last for a while', async () => {
    const [first, second] = [await play('silent'), await play(here)];
    const names = open([first, second]);
    expect(addresses(await passing(names.resolve('a.example', asking)))).toContain('192.0.2.1');
    const before = first.asked.length;
    await names.resolve('b.example', asking);
    expect(first.asked).toHaveLength(before);
    clock.advance(30_000);
    await passing(names.resolve('c.example', asking));
    expect(first.asked.length).toBeGreaterThan(before);
  });

  it.each<Mood>(['SERVFAIL', 'REFUSED', 'garbage'])(
    'are asked at once when the first one says %s',
    async (mood) => {
      const names = open([await play(mood), await play(here)]);
      expect(addresses(await names.resolve('shop.example', asking))).toContain('192.0.2.1');
    },
  );

  it('that all fail in different ways: what says most is told', async () => {
    const names = open([await play('SERVFAIL'), await play('silent')]);
    expect(words(await passing(names.resolve('shop.example', asking)))).toContain('SERVFAIL');
  });

  it('are not asked for more when one says that there is no such name', async () => {
    const [first, second] = [await play('NXDOMAIN'), await play(here)];
    expect(words(await open([first, second]).resolve('shop.example', asking))).toContain('NXDOMAIN');
    expect(second.asked).toEqual([]);
  });

  it('take turns with "rotate"', async () => {
    await conf('options rotate');
    const [first, second] = [await play(here), await play(here)];
    const names = open([first, second]);
    for (const name of ['a', 'b', 'c', 'd']) await names.resolve(`${name}.example`, asking);
    expect([first.asked.length, second.asked.length]).toEqual([4, 4]);
  });

  it('are asked as often as "attempts" says, and over TCP alone with "use-vc"', async () => {
    await conf('options attempts:3');
    const once = await play('SERVFAIL');
    await open([once]).resolve('shop.example', asking);
    expect(once.asked).toHaveLength(6);
    await conf('options use-vc attempts:1');
    const stream = await play(here);
    await open([stream]).resolve('shop.example', asking);
    expect(stream.asked.map(({ over }) => over)).toEqual(['tcp', 'tcp']);
  });
});

describe('the search domains', () => {
  const inside: NameScript = ({ name }) => (name === 'db.corp.example' ? here : 'NXDOMAIN');

  it('complete a name with fewer dots than "ndots"', async () => {
    await conf('search lan corp.example');
    const server = await play(inside);
    expect(addresses(await open([server]).resolve('db', asking))).toContain('192.0.2.1');
    expect([...new Set(server.asked.map(({ name }) => name))]).toEqual(['db.lan', 'db.corp.example']);
  });

  it('come after the name itself when it has dots enough, and never after one that ends with a dot', async () => {
    await conf('search corp.example\noptions ndots:2');
    const server = await play('NXDOMAIN');
    const names = open([server]);
    const asked = async (host: string) => {
      const before = server.asked.length;
      await names.resolve(host, asking);
      return [...new Set(server.asked.slice(before).map(({ name }) => name))];
    };
    expect(await asked('a.b.example')).toEqual(['a.b.example', 'a.b.example.corp.example']);
    expect(await asked('b.example')).toEqual(['b.example.corp.example', 'b.example']);
    expect(await asked('c.example.')).toEqual(['c.example']);
  });

  it('are taken up when the file changes, with what other servers said forgotten', async () => {
    const server = await play(inside);
    const names = open([server]);
    expect(words(await names.resolve('db', asking))).toContain('NXDOMAIN');
    await conf('search corp.example');
    clock.advance(2_000);
    expect(addresses(await names.resolve('db', asking))).toContain('192.0.2.1');
  });
});

describe('the hosts file', () => {
  it('comes first, and is read again when it changes', async () => {
    const server = await play(here);
    const names = open([server]);
    await writeFile(join(directory, 'hosts'), '10.0.0.7 Shop.example shop # ours\n::7 shop.example');
    clock.advance(2_000);
    expect(addresses(await names.resolve('shop.example', asking)).sort()).toEqual(['10.0.0.7', '::7']);
    expect(server.asked).toEqual([]);
    await rm(join(directory, 'hosts'));
    clock.advance(2_000);
    expect(addresses(await names.resolve('shop.example', asking))).toContain('192.0.2.1');
  });
});

describe('what name servers said', () => {
  it('is asked for once, however many wait for it and whose they are', async () => {
    const server = await play({ after: 500, mood: here });
    const names = open([server]);
    const all = ['acc_1', 'acc_1', 'acc_2', null].map((account) =>
      names.resolve('shop.example', { account }),
    );
    await passing(Promise.all(all));
    expect(server.asked).toHaveLength(2);
  });

  it('is kept for as long as it says', async () => {
    const server = await play({ addresses: ['192.0.2.1', '2001:db8::1'], ttl: 60 });
    const names = open([server]);
    await names.resolve('shop.example', asking);
    clock.advance(59_999);
    await names.resolve('SHOP.example', asking);
    expect(server.asked).toHaveLength(2);
    clock.advance(1);
    await names.resolve('shop.example', asking);
    expect(server.asked).toHaveLength(4);
  });

  it('of absent names is kept for a minute at most', async () => {
    const server = await play('NXDOMAIN');
    const names = open([server]);
    await names.resolve('shop.example', asking);
    const once = server.asked.length;
    clock.advance(59_999);
    expect(words(await names.resolve('shop.example', asking))).toContain('NXDOMAIN');
    expect(server.asked).toHaveLength(once);
    server.play(() => here);
    clock.advance(1);
    expect(addresses(await names.resolve('shop.example', asking))).toContain('192.0.2.1');
  });

  it('nothing of is not asked again for two seconds', async () => {
    const server = await play('SERVFAIL');
    const names = open([server]);
    await names.resolve('shop.example', asking);
    server.play(() => here);
    const before = server.asked.length;
    clock.advance(1_999);
    expect(words(await names.resolve('shop.example', asking))).toContain('SERVFAIL');
    expect(server.asked).toHaveLength(before);
    clock.advance(1);
    expect(addresses(await names.resolve('shop.example', asking))).toContain('192.0.2.1');
  });

  it.each<Mood>(['silent', 'SERVFAIL'])('serves for an hour longer when the server is %s', async (mood) => {
    const server = await play({ addresses: ['192.0.2.1'], ttl: 60 });
    const names = open([server]);
    await names.resolve('shop.example', asking);
    server.play(() => mood);
    clock.advance(60_000);
    const before = clock.now();
    expect(addresses(await passing(names.resolve('shop.example', asking)))).toEqual(['192.0.2.1']);
    expect(clock.now() - before).toBeLessThanOrEqual(1_000);
    // Whoever comes next does not wait at all.
    const asked = server.asked.length;
    expect(addresses(await names.resolve('shop.example', asking))).toEqual(['192.0.2.1']);
    expect(server.asked).toHaveLength(asked);
    clock.advance(3_600_000);
    expect(words(await passing(names.resolve('shop.example', asking)))).toContain('shop.example');
  });

  it('gives way at once to that there is no such name any more', async () => {
    const server = await play({ addresses: ['192.0.2.1'], ttl: 60 });
    const names = open([server]);
    await names.resolve('shop.example', asking);
    server.play(() => 'NXDOMAIN');
    clock.advance(60_000);
    expect(words(await names.resolve('shop.example', asking))).toContain('NXDOMAIN');
  });
});

describe('names of one account that are not answered', () => {
  const script: NameScript = ({ name }) => (name.startsWith('silent') ? 'silent' : here);

  it('take a share of the look-ups, and others are answered at once', async () => {
    const server = await play(script);
    const names = open([server]);
    const silent = Array.from({ length: 40 }, (_, i) => names.resolve(`silent-${i}.example`, asking));
    await server.heard(16);
    expect(addresses(await names.resolve('shop.example', { account: 'acc_2' }))).toContain('192.0.2.1');
    const asked = new Set(server.asked.map(({ name }) => name).filter((name) => name.startsWith('silent')));
    expect(asked.size).toBe(8);
    await passing(Promise.all(silent), 500);
  });

  it('let the account’s own other names wait, which is not told as their fault', async () => {
    const server = await play(script);
    const names = open([server]);
    const silent = Array.from({ length: 8 }, (_, i) => names.resolve(`silent-${i}.example`, asking));
    await server.heard(16);
    let turn = 0;
    const onTurn = () => {
      turn = clock.now();
    };
    const waits = names.resolve('shop.example', { ...asking, onTurn });
    const before = clock.now();
    expect(addresses(await passing(waits))).toContain('192.0.2.1');
    expect(turn - before).toBeGreaterThanOrEqual(4_500);
    await passing(Promise.all(silent));
  });

  it('are given back when they wait for longer than 10 s', async () => {
    const server = await play(script);
    const names = open([server]);
    const all = Array.from({ length: 40 }, (_, i) => names.resolve(`silent-${i}.example`, asking));
    const codes = (await passing(Promise.all(all), 500)).map((one) =>
      'error' in one ? Reflect.get(one.error, 'code') : 'found',
    );
    expect(codes.filter((code) => code === 'ERR_LOOKUP_TURN').length).toBeGreaterThanOrEqual(8);
    expect(codes.filter((code) => code === 'ERR_NAME_NOT_FOUND').length).toBeGreaterThanOrEqual(16);
  });

  it('of very many accounts leave half of all look-ups to those whose names are answered', async () => {
    const server = await play(script);
    const names = open([server]);
    const round = (from: number) =>
      Array.from({ length: 200 }, (_, i) =>
        names.resolve(`silent-${from}-${i}.example`, { account: `bad-${i}` }),
      );
    // After this their names are known as ones that are not answered.
    await passing(Promise.all(round(1)), 500);
    const second = round(2);
    const before = clock.now();
    expect(addresses(await names.resolve('shop.example', { account: 'good' }))).toContain('192.0.2.1');
    expect(clock.now()).toBe(before);
    await passing(Promise.all(second), 500);
  });
});
