import { expect, it } from 'vitest';
import { playCluster } from '../cluster/testing/played-cluster.ts';
import { lookAtProcesses, type ProcessStanding } from './process-standing.ts';

const standing = (inFlight: number): ProcessStanding => ({
  ...{ delivery: { inFlight, inMemory: 0 }, queuedEvents: 0 },
  sealing: { masterKeyId: 'k', otherKeyIds: [], left: 0 },
  retention: {
    ...{ cut: inFlight, dropped: 0 },
    payload: { doneUpTo: null, behindMs: 0, left: 0 },
    log: { doneUpTo: null, behindMs: 0, left: 0 },
  },
});

it('all processes are shown, and what runs once as the one tells of it that leads', async () => {
  const played = playCluster('a', 'b', 'c');
  played.lead('b');
  const known = new Map([
    ['a', standing(1)],
    ['b', standing(2)],
  ]);
  const look = lookAtProcesses(played.of('a'), async () => known);
  const { processes, led } = await look();
  expect(processes).toMatchObject([
    { id: 'a', leads: false, isThis: true, standing: { delivery: { inFlight: 1 } } },
    { id: 'b', leads: true, isThis: false, standing: { delivery: { inFlight: 2 } } },
    { id: 'c', leads: false, isThis: false, standing: null },
  ]);
  expect(led?.retention.cut).toBe(2);
  played.lead('c');
  expect((await look()).led).toBeNull();
});
