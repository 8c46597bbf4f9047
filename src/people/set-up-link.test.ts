import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { createSetUpLink } from './set-up-link.ts';

const day = 24 * 60 * 60 * 1000;
const done = async () => {};

describe('the set-up link', () => {
  it('is good once', async () => {
    const link = createSetUpLink(createManualClock());
    const token = link.issue();
    expect(await link.use(`${token}x`, done)).toBe(false);
    expect(await link.use(token, done)).toBe(true);
    expect(await link.use(token, done)).toBe(false);
  });

  it('is good for a day', async () => {
    const clock = createManualClock();
    const link = createSetUpLink(clock);
    const early = link.issue();
    clock.advance(day);
    expect(await link.use(early, done)).toBe(false);
    const late = link.issue();
    clock.advance(day - 1);
    expect(await link.use(late, done)).toBe(true);
  });

  it('stays good when the work failed, and meanwhile serves nobody else', async () => {
    const link = createSetUpLink(createManualClock());
    const token = link.issue();
    const failing = link.use(token, async () => {
      expect(await link.use(token, done)).toBe(false);
      throw new Error('taken');
    });
    await expect(failing).rejects.toThrow('taken');
    expect(await link.use(token, done)).toBe(true);
  });

  it('ends with the next one', async () => {
    const link = createSetUpLink(createManualClock());
    const first = link.issue();
    const second = link.issue();
    expect(await link.use(first, done)).toBe(false);
    expect(await link.use(second, done)).toBe(true);
  });

  it('is there only after it was issued', async () => {
    expect(await createSetUpLink(createManualClock()).use('', done)).toBe(false);
  });
});
