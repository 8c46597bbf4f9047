import { beforeEach, describe, expect, it } from 'vitest';
import { turns } from '../testing/turns.ts';
import { createLeadersWork, type LeadersWork } from './leaders-work.ts';
import { createSoleProcess } from './sole-process.ts';
import { playCluster } from './testing/played-cluster.ts';

describe('what runs once in a cluster', () => {
  let said: string[];
  let ends: PromiseWithResolvers<void>[];

  beforeEach(() => {
    [said, ends] = [[], []];
  });

  const begin = (name: string) => () => {
    said.push(`${name} begins`);
    return async () => {
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
      said.push(`${name} ended`);
    };
  };

  function open(name: string, played: ReturnType<typeof playCluster>): LeadersWork {
    const work = createLeadersWork(played.of(name), begin(name));
    work.start();
    return work;
  }

  it('begins where a process leads, and ends where it leads no more', async () => {
    const played = playCluster('a', 'b');
    open('a', played);
    open('b', played);
    expect(said).toEqual([]);
    played.lead('a');
    expect(said).toEqual(['a begins']);
    played.lead('b');
    ends.shift()?.resolve();
    await turns();
    expect(said).toEqual(['a begins', 'b begins', 'a ended']);
  });

  it('begins again when the end before has come', async () => {
    const played = playCluster('a', 'b');
    open('a', played);
    for (const leader of ['a', null, 'a', null, 'a']) played.lead(leader);
    expect(said).toEqual(['a begins']);
    ends.shift()?.resolve();
    await turns();
    expect(said).toEqual(['a begins', 'a ended', 'a begins']);
    expect(ends).toEqual([]);
  });

  it('does not begin again when it was closed, nor before it was started', async () => {
    const played = playCluster('a', 'b');
    played.lead('a');
    const work = createLeadersWork(played.of('a'), begin('a'));
    expect(said).toEqual([]);
    work.start();
    const closed = work.close();
    played.lead(null);
    played.lead('a');
    ends.shift()?.resolve();
    await closed;
    expect(said).toEqual(['a begins', 'a ended']);
  });

  it('runs from the start to the end of a process that is alone', async () => {
    const sole = createSoleProcess({ name: 'a', version: '1', couriers: 2, startedAt: 1 });
    const work = createLeadersWork(sole, begin('a'));
    work.start();
    expect(said).toEqual(['a begins']);
    const closed = work.close();
    ends[0]?.resolve();
    await closed;
    expect([sole.leads, sole.owns('wh_1'), sole.ownerOf('wh_1') === sole.id]).toEqual([true, true, true]);
  });
});
