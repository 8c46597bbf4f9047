import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { createPlaces } from '../testing/places.ts';

const places = createPlaces();
afterAll(() => places.remove());
const program = new URL('../testing/append-until-killed.ts', import.meta.url).pathname;

/** Runs the program on a place, kills it once it has said so many lines, and gives back all that it said. */
async function runAndKill(place: string, lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, places.dataDir(place)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    if (said.length === lines) child.kill('SIGKILL');
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return said.filter((line) => /^\w+ \w{3}_\w{11}$/.test(line));
}

describe('after kill -9', () => {
  it('everything that was acknowledged is there, twice in a row', async () => {
    const said = [...(await runAndKill('killed', 150)), ...(await runAndKill('killed', 150))];
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
});
