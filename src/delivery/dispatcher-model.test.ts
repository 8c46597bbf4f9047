import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WebhookSettings } from '../core/webhook.ts';
import type { PlayedAnswer } from './testing/model.ts';
import { createWorld } from './testing/world.ts';

afterEach(() => void vi.useRealTimers());

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const well: readonly PlayedAnswer[] = [{ status: 200, afterMs: 5 }];

const answer: fc.Arbitrary<PlayedAnswer> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(1, 5, 400, 6_000).map((afterMs) => ({ status: 200, afterMs })) },
  { weight: 3, arbitrary: fc.constantFrom(0, 5, 400).map((afterMs) => ({ status: 500, afterMs })) },
  { weight: 2, arbitrary: fc.constant<PlayedAnswer>({ status: 'timeout', afterMs: 15_000 }) },
  {
    weight: 2,
    arbitrary: fc.record({
      status: fc.constantFrom(429, 503),
      afterMs: fc.constant(3),
      retryAfter: fc.constantFrom('0', '1', '30', '120'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ status: 503, afterMs: 3 }) },
  {
    weight: 1,
    arbitrary: fc.record({
      status: fc.constantFrom<PlayedAnswer['status'][]>('files', 'ports'),
      afterMs: fc.constantFrom(0, 2),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ status: 410, afterMs: 3 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(404, 413, 414, 422).map((status) => ({ status, afterMs: 3 })),
  },
);

/** Fast, dead, or answering by a pattern that repeats. */
const answers: fc.Arbitrary<readonly PlayedAnswer[]> = fc.oneof(
  fc.constant(well),
  fc.constant<readonly PlayedAnswer[]>([{ status: 'timeout', afterMs: 15_000 }]),
  fc.constant<readonly PlayedAnswer[]>([{ status: 500, afterMs: 5 }]),
  fc.constant<readonly PlayedAnswer[]>([{ status: 404, afterMs: 5 }]),
  fc.array(answer, { minLength: 1, maxLength: 8 }),
);

const settings: fc.Arbitrary<Partial<WebhookSettings>> = fc.record({
  maxConcurrency: fc.constantFrom(1, 2, 5, 50),
  ratePerSecond: fc.constantFrom(null, null, 0.5, 7, 120),
  retry: fc.record({
    maxAttempts: fc.constantFrom(1, 2, 5, 11),
    giveUpAfterMs: fc.constantFrom(null, null, minute, hour),
  }),
  batch: fc.constantFrom(null, null, { maxItems: 3, maxWaitMs: 0 }, { maxItems: 8, maxWaitMs: 2_000 }),
});

const name = fc.constantFrom('a', 'b', 'c', 'd');
const status = fc.constantFrom('accepted', 'sent', 'delivered', 'failed', 'read', 'on_its_way');
const report = fc.record({ messageId: fc.constantFrom('m1', 'm2', 'm3'), status });

type World = Awaited<ReturnType<typeof createWorld>>;
type Step = (world: World) => Promise<void> | void;

/** A step that says what it does, so that a failing run can be read. */
function step<T>(
  what: string,
  values: fc.Arbitrary<T>,
  run: (world: World, value: T) => Promise<void> | void,
) {
  return values.map((value): Step => {
    const act: Step = (world) => run(world, value);
    return Object.assign(act, { [fc.toStringMethod]: () => `${what} ${fc.stringify(value)}` });
  });
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: step(
        'arrive',
        fc.tuple(name, fc.array(report, { minLength: 1, maxLength: 15 })),
        (world, [to, reports]) => world.arrive(to, reports),
      ),
    },
    {
      weight: 8,
      arbitrary: step(
        'pass',
        fc.constantFrom(1, 20, second, 5 * second, 20 * second, 3 * minute, hour),
        (world, ms) => world.pass(ms),
      ),
    },
    {
      weight: 3,
      arbitrary: step('behave', fc.tuple(name, answers), (world, [of, next]) => world.behave(of, next)),
    },
    {
      weight: 1,
      arbitrary: step('configure', fc.tuple(name, settings), (world, [of, next]) =>
        world.configure(of, next),
      ),
    },
    {
      weight: 1,
      arbitrary: step('disable', name, (world, of) =>
        world.change(of, { status: 'disabled', disabledReason: 'by_user' }),
      ),
    },
    {
      weight: 2,
      arbitrary: step('enable', name, (world, of) =>
        world.change(of, { status: 'enabled', disabledReason: null }),
      ),
    },
    { weight: 1, arbitrary: step('delete', name, (world, of) => world.remove(of)) },
    { weight: 2, arbitrary: step('restore', name, (world, of) => world.restore(of)) },
    {
      weight: 2,
      arbitrary: step('replay', fc.tuple(name, fc.nat()), (world, [of, n]) => {
        const { deliveries } = world.webhooks.get(of) ?? {};
        const delivery = deliveries?.[n % deliveries.length];
        if (delivery) world.replay(delivery);
      }),
    },
    {
      weight: 1,
      arbitrary: step('recover', name, (world, of) => world.recover(of, ['failed', 'skipped'])),
    },
    {
      weight: 1,
      arbitrary: step('refuse', fc.boolean(), (world, refuses) => {
        world.writer.refuses = refuses;
      }),
    },
    { weight: 1, arbitrary: step('crash', fc.constant(null), (world) => world.crash()) },
  ),
  { maxLength: 40, size: 'max' },
);

const run = fc.record({
  maxInFlight: fc.constantFrom(3, 10, 1_000),
  storeMs: fc.constantFrom(0, 0, 2, 300),
  draws: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
  webhooks: fc.tuple(
    fc.record({ settings, answers }),
    fc.record({ settings, answers }),
    fc.record({ settings, answers }),
    fc.record({ settings, answers }),
  ),
  steps,
});

describe('whatever endpoints, owners, the disk and the process do', () => {
  it('limits, order and retry times are kept, and every delivery ends once all are well', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ maxInFlight, storeMs, draws, webhooks, steps }) => {
        let drawn = 0;
        const random = () => draws[drawn++ % draws.length] ?? 0.5;
        const world = await createWorld({ maxInFlight, storeMs, random });
        webhooks.forEach(({ settings, answers }, i) => {
          world.create('abcd'.charAt(i), { ...settings, ordered: i < 2 }, answers);
        });
        for (const act of steps) await act(world);

        world.writer.refuses = false;
        for (const id of world.webhooks.keys()) world.behave(id, well);
        // What is under way gets its old answer, which may be 410.
        await world.pass(minute);
        for (const id of world.webhooks.keys()) {
          await world.restore(id);
          world.change(id, { status: 'enabled', disabledReason: null });
          world.arrive(id, [{ messageId: 'last', status: 'read' }]);
        }
        // The longest step of the schedule with its jitter, then what the slowest rate lets through.
        await world.pass(10 * hour + 20 * minute);
        const left = [...world.states()].filter(([, state]) => state === 'pending' || state === 'retrying');
        expect(left.map(([{ name }, state]) => `${name} ${state}`)).toEqual([]);
        expect(
          [...world.deliveries.values()]
            .filter(({ owed }) => owed)
            .map(({ name }) => `${name} never replayed`),
        ).toEqual([]);
        const last = [...world.deliveries.values()].slice(-webhooks.length);
        expect(last.filter((delivery) => !world.states().has(delivery))).toEqual([]);
        expect(world.status()).toMatchObject({ inFlight: 0, inMemory: 0 });
      }),
      { numRuns: Number(process.env.MODEL_RUNS ?? 80) },
    );
  });
});
