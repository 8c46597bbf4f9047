import { expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createEgressWatch } from './egress-watch.ts';

it('how the egress proxy does is kept, and told once, again every ten minutes, and when it is well', () => {
  const clock = createManualClock();
  const lines: string[] = [];
  const write = (fields: object, message: string) => void lines.push(`${JSON.stringify(fields)} ${message}`);
  const watch = createEgressWatch({ clock, log: { warn: write, info: write } });
  expect(watch.current()).toEqual({ state: 'unused', workedAt: null, trouble: null });

  watch.heard({ kind: 'works' });
  const workedAt = clock.now();
  clock.advance(1_000);
  const since = clock.now();
  const detail = 'The egress proxy http://proxy.example:3128 wants a user and a password (407).';
  for (let minute = 0; minute < 15; minute++) {
    watch.heard({ kind: 'fails', trouble: 'authentication', detail });
    clock.advance(60_000);
  }
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/"egress":"authentication".*\(407\)\. Deliveries wait.*no attempt/);
  expect(watch.current()).toEqual({
    state: 'fails',
    workedAt,
    trouble: { class: 'authentication', detail, since, lastAt: clock.now() - 60_000 },
  });

  watch.heard({ kind: 'works' });
  expect(lines[2]).toContain('lets the gateway out again');
  expect(watch.current()).toEqual({ state: 'works', workedAt: clock.now(), trouble: null });
});
