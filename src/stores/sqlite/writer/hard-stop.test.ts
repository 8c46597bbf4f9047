import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { nothingHeld } from '../../ports/delivery-log.ts';
import { largeCall, webhooksOfLargeCall } from '../testing/large-call.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());
const programs = {
  many: new URL('../testing/append-until-killed.ts', import.meta.url).pathname,
  large: new URL('../testing/append-large-until-killed.ts', import.meta.url).pathname,
};

/**
 * Runs a program on a place, kills it once it has said so many lines of each kind, which is their first word, and gives
 * back all that it said. It is told to go on behind each of them.
 */
async function runAndKill(
  program: keyof typeof programs,
  place: string,
  wanted: Readonly<Record<string, number>>,
): Promise<readonly string[]> {
  const left = new Map(Object.entries(wanted));
  const child = spawn(process.execPath, [programs[program], places.dataDir(place)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {});
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    child.stdin.write('.');
    const kind = line.split(' ', 1)[0] ?? '';
    const more = (left.get(kind) ?? 0) - 1;
    if (more > 0) left.set(kind, more);
    else left.delete(kind);
    if (left.size === 0) child.kill('SIGKILL');
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return said;
}

describe('after kill -9', () => {
  it('everything that was acknowledged is there, twice in a row', async () => {
    const run = () => runAndKill('many', 'killed', { accepted: 100, delivered: 20 });
    const said = [...(await run()), ...(await run())].filter((line) => /^\w+ \w{3}_\w{11}$/.test(line));
    const acknowledged = (what: string): string[] =>
      said.flatMap((line) => (line.startsWith(what) ? line.slice(what.length + 1) : []));
    expect(acknowledged('accepted').length).toBeGreaterThan(20);
    expect(acknowledged('delivered').length).toBeGreaterThan(20);

    const store = await places.open('killed', systemClock);
    const events = await Promise.all(acknowledged('accepted').map((id) => store.history.getEvent(id, null)));
    expect(events.every((found) => found?.deliveries.length === 1)).toBe(true);
    const deliveries = await Promise.all(
      acknowledged('delivered').map((id) => store.history.getDelivery(id)),
    );
    expect(deliveries.every((found) => found?.state === 'delivered' && found.attemptLog.length === 1)).toBe(
      true,
    );
    await store.close();
  });

  it('what is on disk of a call in the middle of its commits is found when it is sent again, whole', async () => {
    const said = await runAndKill('large', 'half', { told: 2 });
    expect(said).not.toContain('answered');
    const store = await places.open('half', systemClock);
    const results = await store.log.append(largeCall());
    const count = (wanted: string): number => results.filter(({ result }) => result === wanted).length;
    expect(count('duplicate')).toBeGreaterThan(0);
    expect(count('accepted')).toBeGreaterThan(0);
    expect(results.every(({ deliveries }) => deliveries === webhooksOfLargeCall)).toBe(true);
    for (const { eventId } of [results[0], results.at(-1)].filter((result) => result !== undefined)) {
      const found = await store.history.getEvent(eventId, null);
      expect(found?.deliveries).toHaveLength(webhooksOfLargeCall);
    }
    const waiting = await store.log.waiting();
    expect(waiting.filter(({ pending }) => pending)).toHaveLength(webhooksOfLargeCall);
    expect(await store.log.loadPending('wh_large_0', nothingHeld, 1_000)).toHaveLength(results.length);
    await store.close();
  });
});
