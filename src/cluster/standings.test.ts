import { expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { turns } from '../testing/turns.ts';
import { createAsking } from './asking.ts';
import { createStandings } from './standings.ts';
import { createMessagesHub } from './testing/messages-hub.ts';
import { playCluster } from './testing/played-cluster.ts';

it('each process tells how it stands, but for one that does not answer in time', async () => {
  const clock = createManualClock();
  const hub = createMessagesHub();
  const played = playCluster('a', 'b', 'c');
  const [ofA] = ['a', 'b', 'c'].map((id, i) => {
    const cluster = played.of(id);
    const asking = createAsking({ messages: hub.connect(id), cluster, clock });
    return createStandings(cluster, () => ({ inFlight: i }), asking);
  });
  hub.cut('c');
  const looking = ofA?.();
  await turns();
  clock.advance(2_000);
  expect([...((await looking) ?? [])]).toEqual([
    ['a', { inFlight: 0 }],
    ['b', { inFlight: 1 }],
  ]);
});

it('each answers questions of several names, but for one that does not know the name', async () => {
  const hub = createMessagesHub();
  const played = playCluster('a', 'b', 'c');
  const [ofA] = ['a', 'b', 'c'].map((id) => {
    const cluster = played.of(id);
    const asking = createAsking({ messages: hub.connect(id), cluster, clock: createManualClock() });
    createStandings(cluster, () => 'as usual', asking);
    return id === 'c' ? null : createStandings(cluster, () => `key of ${id}`, asking, 'master key');
  });
  expect([...((await ofA?.()) ?? [])]).toEqual([
    ['a', 'key of a'],
    ['b', 'key of b'],
  ]);
});

it('one that is alone asks nobody', async () => {
  const standings = createStandings(playCluster('a').of('a'), () => 7, null);
  expect([...(await standings())]).toEqual([['a', 7]]);
});
