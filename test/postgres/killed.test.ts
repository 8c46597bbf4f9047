import { expect, it } from 'vitest';
import { killRounds } from '../../bench/harness/kill.ts';
import { startPostgres } from '../../src/stores/postgres/testing/server.ts';

it('a gateway that is killed in the middle of a load loses nothing that it has accepted, and keeps order and tasks', async () => {
  const server = await startPostgres({ durable: true });
  try {
    const [round] = await killRounds({
      ...{ rounds: 1, events: 2_000, batch: 100, all: true },
      databaseUrl: server.url('postgres'),
    });
    expect(round).toMatchObject({ accepted: 2_000, lost: 0, disorder: 0, task: { state: 'done' } });
    expect(round?.killedAfter).toBeGreaterThan(0);
    expect(round?.duplicates).toBeLessThanOrEqual(round?.inFlightAtKill ?? 0);
  } finally {
    await server.remove();
  }
});
