import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { eventually } from '../../../../testing/eventually.ts';
import { createManualClock } from '../../../../testing/manual-clock.ts';
import { newEvent, unique } from '../../../conformance/samples.ts';
import { createPlaces } from '../../testing/places.ts';
import { runStates } from '../runs/tables.ts';

const places = createPlaces();
afterAll(() => places.remove());
const program = new URL('../../testing/merge-until-killed.ts', import.meta.url).pathname;
const accountId = 'acc_1';
const page = { limit: 10, cursor: null };

it('after kill -9 in the middle of merges, again and again, every id and number is found, and nothing is left of them', async () => {
  const clock = createManualClock();
  const dataDir = places.dataDir('killed');
  let store = await places.open('killed', clock);
  const stored = Array.from({ length: 2_000 }, (_, i) => ({
    ...{ messageId: unique('message'), transactionId: unique('transaction'), ownId: unique('own') },
    mobileNumber: `9198${70_000_000 + i * 7}`,
  }));
  for (let from = 0; from < stored.length; from += 30) {
    const some = stored.slice(from, from + 30);
    await store.log.append(some.map(({ ownId, ...parts }) => newEvent([], { accountId, ...parts }, ownId)));
  }
  await store.close();

  /** Kills it in the piece behind one that left a merge so far. */
  async function mergeUntilKilled(isThere: (chunks: number) => boolean): Promise<void> {
    const child = spawn(process.execPath, [program, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => {});
    child.stdin.write('go\n');
    for await (const line of createInterface(child.stdout)) {
      expect(line).not.toBe('idle');
      child.stdin.write('go\n');
      const [, chunks] = /^merging (\d+)$/.exec(line) ?? [];
      if (chunks !== undefined && isThere(Number(chunks))) child.kill('SIGKILL');
    }
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
  }
  // Merges of three runs have two chunks, those of three such ones six: there are eight and two.
  await mergeUntilKilled((chunks) => chunks === 1);
  await mergeUntilKilled((chunks) => chunks === 1);
  await mergeUntilKilled((chunks) => chunks >= 3);
  await mergeUntilKilled((chunks) => chunks >= 3);

  const db = new DatabaseSync(join(dataDir, 'hookwire.db'), { readOnly: true });
  const begun = db.prepare(`SELECT count(*) AS n FROM index_runs WHERE state <> ${runStates.inUse}`);
  expect(Number(begun.get()?.n)).toBeGreaterThan(0);
  store = await places.open('killed', clock);
  const findAll = async (these: typeof stored): Promise<void> => {
    const { history } = store;
    for (const { ownId, ...event } of these) {
      const found = await history.getEvent(ownId, accountId);
      expect(found?.event).toMatchObject({ ...event, id: ownId });
      for (const by of ['messageId', 'transactionId', 'mobileNumber'] as const) {
        const { data } = await history.findEvents({ accountId, [by]: event[by] }, page);
        expect([by, data.map(({ event: { id } }) => id)]).toEqual([by, [ownId]]);
      }
    }
  };
  await findAll(stored);
  await eventually(
    async () => begun.get()?.n,
    (left) => left === 0,
  );
  await findAll(stored.filter((_, i) => i % 9 === 0));
  db.close();
  await store.close();
});
