import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlots, type HeldSlots, mostCharacters, type Slots } from './slots.ts';

interface TestLane {
  readonly name: string;
  readonly accountId: string;
  host: string;
  inFlight: number;
  /** How many requests it could have under way. */
  wants: number;
  isProved: boolean;
  readonly held: HeldSlots[];
}

function lane(name: string, parts: Partial<TestLane> = {}): TestLane {
  return {
    ...{ name, accountId: name, host: `${name}.example`, inFlight: 0, wants: Number.POSITIVE_INFINITY },
    ...{ isProved: true, held: [], ...parts },
  };
}

const lanes = (count: number, parts: (i: number) => Partial<TestLane>): TestLane[] =>
  Array.from({ length: count }, (_, i) => lane(`${i}`, parts(i)));

function ready(slots: Slots<TestLane>, ...all: readonly TestLane[]): void {
  for (const one of all) slots.ready(one, one.isProved);
}

/** Gives turns until nobody may have one, or `most`; who wants more is in line again. Gives who was served. */
function serve(slots: Slots<TestLane>, most = Number.POSITIVE_INFINITY, size = 0): string[] {
  const served: string[] = [];
  while (served.length < most) {
    const next = slots.next();
    if (!next) break;
    next.held.push(slots.take(next, [size]));
    if (next.inFlight < next.wants) ready(slots, next);
    served.push(next.name);
  }
  return served;
}

/** One delivery of a lane has landed. */
function land(one: TestLane, size = 0): void {
  one.held.shift()?.free(size);
}

const inFlight = (all: readonly TestLane[]): number => all.reduce((sum, one) => sum + one.inFlight, 0);

describe('turns', () => {
  it('go round', () => {
    const slots = createSlots<TestLane>(100);
    ready(slots, lane('a'), lane('b'), lane('c'));
    expect(serve(slots, 7).join('')).toBe('abcabca');
  });

  it('go by account, then by lane', () => {
    const slots = createSlots<TestLane>(1_000);
    ready(slots, ...lanes(1_000, () => ({ accountId: 'large' })), lane('small'));
    const served = serve(slots, 100);
    expect(served.filter((name) => name === 'small')).toHaveLength(50);
    expect(new Set(served).size).toBe(51);
  });

  it('come to the one lane of an account first, when something has landed and 1,000 of another wait', () => {
    const slots = createSlots<TestLane>(50);
    const large = lanes(1_000, () => ({ accountId: 'large', isProved: false }));
    ready(slots, ...large);
    serve(slots);
    const one = lane('one', { wants: 3 });
    ready(slots, one);
    expect(serve(slots).slice(0, 3)).toEqual(['one', 'one', 'one']);
  });

  it('end when as much is in flight as may be, and go on when something has landed', () => {
    const slots = createSlots<TestLane>(2);
    const [a, b, c] = [lane('a'), lane('b'), lane('c')];
    ready(slots, a, b, c);
    expect([serve(slots).join(''), slots.inFlight]).toEqual(['ab', 2]);
    land(a);
    expect(serve(slots).join('')).toBe('c');
  });

  it('are not given to a lane that has left the line', () => {
    const slots = createSlots<TestLane>(10);
    const [a, b] = [lane('a'), lane('b')];
    ready(slots, a, b);
    slots.leave(a);
    slots.leave(a);
    expect(new Set(serve(slots))).toEqual(new Set(['b']));
  });
});

describe('what is left to others', () => {
  it('by a lane that is alone is a third', () => {
    const slots = createSlots<TestLane>(2_400);
    ready(slots, lane('a'));
    expect(serve(slots).length).toBe(1_400);
  });

  it('by an account with any number of lanes is enough for who comes later', () => {
    const slots = createSlots<TestLane>(1_000);
    ready(slots, ...lanes(2_500, (i) => ({ accountId: 'one', isProved: i % 2 === 0 })));
    serve(slots);
    expect(slots.inFlight).toBeLessThan(900);
    ready(slots, ...lanes(10, (i) => ({ accountId: `late ${i}`, host: `${i}`, wants: 8 })));
    expect(serve(slots)).toHaveLength(80);
  });

  it('by hosts is enough too, when all accounts have their endpoints at one that hangs', () => {
    const slots = createSlots<TestLane>(1_000);
    ready(slots, ...lanes(2_500, (i) => ({ accountId: `${i % 250}`, host: 'shared.example' })));
    serve(slots);
    expect(slots.inFlight).toBeLessThan(900);
    ready(slots, ...lanes(10, (i) => ({ accountId: `${i}`, host: `${i}`, wants: 4 })));
    expect(serve(slots)).toHaveLength(40);
  });

  it('by lanes that are not proved is a half, however many accounts and hosts they are of', () => {
    const slots = createSlots<TestLane>(999);
    const hanging = lanes(2_500, () => ({ isProved: false }));
    ready(slots, ...hanging);
    serve(slots);
    expect(slots.inFlight).toBe(500);
    ready(slots, ...lanes(10, (i) => ({ accountId: `well ${i}`, host: `${i}`, wants: 20 })));
    expect(serve(slots)).toHaveLength(200);
  });

  it('by accounts that hang is an eighth for those who have nothing in flight yet', () => {
    const slots = createSlots<TestLane>(960);
    ready(slots, ...lanes(2_500, (i) => ({ accountId: `${i % 250}`, isProved: false })));
    serve(slots);
    expect(slots.inFlight).toBe(420);
    ready(slots, ...lanes(100, (i) => ({ accountId: `new ${i}`, host: `${i}`, isProved: false, wants: 1 })));
    expect(serve(slots)).toHaveLength(60);
  });

  it('by large messages is room for others: they hold as many slots as their share of all characters', () => {
    const slots = createSlots<TestLane>(2_000);
    const size = 250_000;
    ready(slots, ...lanes(1_200, (i) => ({ accountId: `${i % 3}`, isProved: false })));
    const served = serve(slots, Number.POSITIVE_INFINITY, size);
    expect(served.length * size).toBeLessThan(mostCharacters / 2 + size);
    ready(slots, ...lanes(10, (i) => ({ accountId: `well ${i}`, host: `${i}`, wants: 8 })));
    expect(serve(slots)).toHaveLength(80);
  });
});

describe('a lane in line', () => {
  it('gets a slot of the proved ones as soon as it is proved', () => {
    const slots = createSlots<TestLane>(90);
    ready(slots, ...lanes(100, () => ({ isProved: false })));
    serve(slots);
    const one = lane('one', { isProved: false, wants: 1 });
    ready(slots, one);
    expect(serve(slots)).toEqual([]);
    one.isProved = true;
    ready(slots, one);
    expect(serve(slots)).toEqual(['one']);
  });

  it('counts at the host that it had when its delivery left', () => {
    const slots = createSlots<TestLane>(100);
    const one = lane('one', { wants: 5, accountId: 'a' });
    ready(slots, one);
    serve(slots);
    slots.leave(one);
    one.host = 'elsewhere.example';
    for (let i = 0; i < 5; i++) land(one);
    const busy = lanes(100, () => ({ host: 'one.example' }));
    ready(slots, ...busy);
    const alone = createSlots<TestLane>(100);
    ready(alone, ...lanes(100, () => ({ host: 'one.example' })));
    expect(serve(slots)).toHaveLength(serve(alone).length);
  });

  it('may have as many deliveries in a list as leave others their part', () => {
    const slots = createSlots<TestLane>(1_000);
    const one = lane('one');
    ready(slots, one);
    slots.next();
    const room = slots.room(one);
    expect(room).toBeLessThan(600);
    expect(room).toBeGreaterThan(500);
    slots.take(
      one,
      Array.from({ length: room }, () => 700),
    );
    expect(slots.inFlight).toBe(room);
    expect(slots.room(one)).toBe(1);
  });
});

describe('the number of slots', () => {
  it('may fall, and more are let in at once when it rises', () => {
    const slots = createSlots<TestLane>(100);
    ready(slots, lane('a'), lane('b'));
    slots.limit(2);
    expect(serve(slots)).toHaveLength(2);
    slots.limit(10);
    expect(serve(slots).length).toBeGreaterThan(4);
    slots.limit(3);
    expect(serve(slots)).toEqual([]);
  });
});

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('ready' as const), lane: fc.nat(19), size: fc.nat(5) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('land' as const), lane: fc.nat(19), count: fc.nat(9) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('judge' as const), lane: fc.nat(19), isProved: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('move' as const), lane: fc.nat(19), host: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), lane: fc.nat(19) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('limit' as const), most: fc.integer({ min: 1, max: 60 }) }),
  },
);

describe('whatever lanes do', () => {
  it('no more is in flight than may be, every share holds, and whoever waits is served in the end', () => {
    const situation = fc.record({
      most: fc.integer({ min: 1, max: 60 }),
      accounts: fc.array(fc.nat(4), { minLength: 20, maxLength: 20 }),
      hosts: fc.array(fc.nat(3), { minLength: 20, maxLength: 20 }),
      commands: fc.array(command, { maxLength: 150 }),
    });
    fc.assert(
      fc.property(situation, ({ most, accounts, hosts, commands }) => {
        const slots = createSlots<TestLane>(most);
        const all = lanes(20, (i) => ({
          accountId: `a${accounts[i]}`,
          host: `h${hosts[i]}`,
          isProved: i % 2 === 0,
        }));
        const waiting = new Set<TestLane>();
        /** Who holds slots, and as what they were taken. */
        const taken: {
          readonly of: TestLane;
          readonly held: HeldSlots;
          readonly host: string;
          readonly unproved: boolean;
          readonly size: number;
          readonly slots: number;
        }[] = [];
        let limit = most;
        let size = 0;
        const perSlot = mostCharacters / most;
        const sum = (of: (each: (typeof taken)[number]) => boolean): number =>
          taken.reduce((total, each) => total + (of(each) ? each.slots : 0), 0);

        function give(): void {
          for (let next = slots.next(); next; next = slots.next()) {
            const lane = next;
            expect(waiting.delete(lane)).toBe(true);
            const unproved = !lane.isProved;
            const pools = [
              { pool: limit, isOf: (_: (typeof taken)[number]) => true },
              ...(unproved
                ? [
                    {
                      pool: Math.ceil(limit / 2),
                      isOf: (each: (typeof taken)[number]) => each.unproved,
                    },
                  ]
                : []),
            ];
            for (const { pool, isOf } of pools) {
              const free = pool - sum(isOf);
              expect(free).toBeGreaterThan(0);
              const byAccount = sum((each) => isOf(each) && each.of.accountId === lane.accountId);
              const atHost = sum((each) => isOf(each) && each.host === lane.host);
              const allowed = Math.max(1, (lane.inFlight === 0 ? 8 : 2) * (free - Math.floor(pool / 8)));
              expect(Math.max(byAccount, atHost)).toBeLessThan(allowed);
            }
            const held = slots.take(lane, [size]);
            const weight = Math.max(1, Math.ceil(size / perSlot));
            taken.push({ of: lane, held, host: lane.host, unproved, size, slots: weight });
          }
          expect(slots.inFlight).toBe(taken.length);
          for (const one of all) expect(one.inFlight).toBe(taken.filter(({ of }) => of === one).length);
        }
        const wait = (one: TestLane): void => {
          slots.ready(one, one.isProved);
          waiting.add(one);
        };

        for (const act of commands) {
          if (act.do === 'limit') {
            limit = act.most;
            slots.limit(limit);
          } else {
            const one = all[act.lane];
            if (!one) continue;
            if (act.do === 'ready') {
              size = act.size * 200_000;
              wait(one);
            } else if (act.do === 'land') {
              for (let i = 0; i < act.count; i++) {
                const place = taken.findIndex(({ of }) => of === one);
                const [landed] = place < 0 ? [] : taken.splice(place, 1);
                landed?.held.free(landed.size);
              }
            } else if (act.do === 'judge') {
              one.isProved = act.isProved;
              if (waiting.has(one)) slots.ready(one, one.isProved);
            } else {
              slots.leave(one);
              waiting.delete(one);
              if (act.do === 'move') one.host = `h${act.host}`;
            }
          }
          give();
          // Nobody waits while nothing is in flight.
          if (taken.length === 0) expect([...waiting]).toEqual([]);
        }
        for (let rounds = 0; waiting.size > 0; rounds++) {
          expect(rounds).toBeLessThan(1_000);
          const [landed] = taken.splice(0, 1);
          landed?.held.free(landed.size);
          give();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('no lane waits for ever, while others are ready again as soon as they have landed', () => {
    const situation = fc.record({
      most: fc.integer({ min: 1, max: 12 }),
      of: fc.array(fc.record({ account: fc.nat(3), host: fc.nat(2), isProved: fc.boolean() }), {
        minLength: 2,
        maxLength: 25,
      }),
    });
    fc.assert(
      fc.property(situation, ({ most, of }) => {
        const slots = createSlots<TestLane>(most);
        const all = of.map(({ account, host, isProved }, i) =>
          lane(`${i}`, { accountId: `a${account}`, host: `h${host}`, isProved }),
        );
        ready(slots, ...all);
        const order: TestLane[] = [];
        const served = new Map<string, number>();
        for (let i = 0; i < 60 * all.length; i++) {
          for (const name of serve(slots)) {
            served.set(name, (served.get(name) ?? 0) + 1);
            const one = all[Number(name)];
            if (one) order.push(one);
          }
          const oldest = order.shift();
          if (oldest) {
            land(oldest);
            ready(slots, oldest);
          }
        }
        expect(inFlight(all)).toBe(slots.inFlight);
        expect(all.filter(({ name }) => !served.has(name)).map(({ name }) => name)).toEqual([]);
      }),
    );
  });
});
