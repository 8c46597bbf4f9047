import { describe, expect, it } from 'vitest';
import { openStage } from './testing/stage.ts';

const maxInFlight = 300;

/** 600 webhooks that take requests and never answer, of so many accounts, with more waiting than they take. */
async function openHung(accounts: number) {
  const stage = openStage({ maxInFlight });
  for (let i = 0; i < 600; i++)
    stage.webhook(`hung${i}`, { maxConcurrency: 20 }, { accountId: `acc_hung${i % accounts}` });
  for (let i = 0; i < 600; i++) await stage.accept(`hung${i}`, 3);
  return stage;
}

const newcomer = (stage: Awaited<ReturnType<typeof openHung>>, name: string) =>
  stage.webhook(name, {}, { accountId: `acc_${name}` });

describe.each([1, 60])('beside 600 endpoints of %i accounts that never answer', (accounts) => {
  it('one account after another that is new gets its first delivery at once, and as many as it takes once it answers', async () => {
    const stage = await openHung(accounts);
    for (let n = 0; n < 30; n++) {
      newcomer(stage, `new${n}`);
      await stage.accept(`new${n}`, 40);
      expect(stage.underWay(`new${n}`).length).toBeGreaterThan(0);
      await stage.answer(`new${n}`, 200);
      expect(stage.underWay(`new${n}`).length).toBeGreaterThanOrEqual(8);
      while (stage.underWay(`new${n}`).length > 0) await stage.answer(`new${n}`, 200);
      expect(stage.sentTo(`new${n}`)).toHaveLength(40);
    }
  });

  it('ten that answer have what they can use, though they come together', async () => {
    const stage = await openHung(accounts);
    const well = Array.from({ length: 10 }, (_, n) => `well${n}`);
    for (const name of well) newcomer(stage, name);
    for (const name of well) await stage.accept(name, 40);
    for (let round = 0; round < 15; round++) for (const name of well) await stage.answer(name, 200);
    expect(well.map((name) => stage.sentTo(name).length)).toEqual(well.map(() => 40));
    expect(stage.dispatcher.status().inFlight).toBeLessThanOrEqual((maxInFlight * 2) / 3);
  });
});

describe('1,000 webhooks of one account that are ready', () => {
  it('leave the one of another every second turn', async () => {
    const stage = openStage({ maxInFlight: 40 });
    for (let i = 0; i < 1_000; i++) stage.webhook(`many${i}`, {}, { accountId: 'acc_many' });
    stage.webhook('one', { maxConcurrency: 50 }, { accountId: 'acc_one' });
    for (let i = 0; i < 1_000; i++) await stage.accept(`many${i}`, 2);
    await stage.accept('one', 200);
    for (let round = 0; round < 60; round++) {
      await stage.answer('one', 200);
      for (const request of [...stage.sender.underWay].slice(0, 4)) request.answer(200);
      await stage.settle();
    }
    expect(stage.sentTo('one')).toHaveLength(200);
  });
});
