import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { cutAll } from '../../conformance/retention.ts';
import { attemptOf, delivered, newEvent } from '../../conformance/samples.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());
const program = new URL('../testing/cut-until-killed.ts', import.meta.url).pathname;
const day = 24 * 3_600_000;

it('after kill -9 in the middle, again and again, all that is to go has gone, and nothing else', async () => {
  const clock = createManualClock();
  const keeps = { ofAll: { payloadMs: day, logMs: 2 * day }, own: new Map() };
  let store = await places.open('killed', clock);
  const accept = async (count: number): Promise<string[]> => {
    const told: Promise<void>[] = [];
    store.log.onAccepted((deliveries) => {
      for (const each of deliveries) {
        const record = attemptOf(each, delivered, { responseBody: 'thanks' });
        told.push(new Promise((resolve) => store.log.record(record, resolve)));
      }
    });
    const events = Array.from({ length: count }, () =>
      newEvent(['wh_1', 'wh_2', 'wh_3'], { message: { a: 1 } }),
    );
    const results = await store.log.append(events);
    await store.log.waiting();
    await Promise.all(told);
    return results.map(({ eventId }) => eventId);
  };
  const old = await accept(40);
  clock.advance(day);
  const middle = await accept(40);
  clock.advance(day);
  const young = await accept(40);
  await store.close();

  /** Kills it in the piece behind so many: it begins none that it was not told to, however long it takes to hear of it. */
  const runUntilKilled = async (pieces: number): Promise<void> => {
    const { payloadMs, logMs } = keeps.ofAll;
    const args = [program, places.dataDir('killed'), ...[clock.now(), payloadMs, logMs].map(String)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => {});
    child.stdin.write('go\n');
    let said = 0;
    for await (const _line of createInterface(child.stdout)) {
      child.stdin.write('go\n');
      if (++said === pieces) child.kill('SIGKILL');
    }
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
  };
  for (const pieces of [1, 17, 30]) await runUntilKilled(pieces);

  store = await places.open('killed', clock);
  await store.retention.keep(keeps);
  const rest = await cutAll(store, clock.now());
  expect(rest.cut + rest.dropped).toBeGreaterThan(0);
  const find = (ids: readonly string[]) => Promise.all(ids.map((id) => store.history.getEvent(id, null)));
  expect((await find(old)).every((found) => found === null)).toBe(true);
  for (const [ids, contents] of [
    [middle, 'cut'],
    [young, undefined],
  ] as const) {
    for (const found of await find(ids)) {
      expect(found?.event.cut?.contents).toBe(contents);
      expect(found?.deliveries.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
      const detail = await store.history.getDelivery(found?.deliveries[0]?.id ?? '');
      expect(detail?.attemptLog.map(({ responseBody }) => responseBody)).toEqual([
        contents ? null : 'thanks',
      ]);
    }
  }
  await store.close();
});
