import { expect, it } from 'vitest';
import { createErasingPace, type PieceKind } from './erasing-pace.ts';

const kinds: readonly PieceKind[] = ['look', 'write', 'alone'];

function begin() {
  const world = { now: 1_000, handedIn: 7 };
  const pace = createErasingPace(
    () => world.now,
    () => world.handedIn,
  );
  return { world, pace, restsAfter: (ms: number) => kinds.map((kind) => pace.restAfter(kind, ms)) };
}

it('while no events come, erasing has a quarter of the time, whatever came before it began', () => {
  const { pace, restsAfter } = begin();
  expect(pace.lookMs()).toBe(250);
  expect(restsAfter(8)).toEqual([24, 24, 24]);
  expect(restsAfter(500)).toEqual([300, 300, 300]);
  expect(restsAfter(0.1)).toEqual([2, 2, 2]);
});

it('while events come, it looks for shorter, and rests the longer the more others wait for it', () => {
  const { pace, world, restsAfter } = begin();
  world.handedIn++;
  expect(pace.lookMs()).toBe(10);
  world.now += 100;
  world.handedIn += 3;
  restsAfter(1);
  world.now += 249;
  expect(restsAfter(4)).toEqual([24, 60, 240]);
  expect(restsAfter(500)).toEqual([1_000, 1_000, 1_000]);
});

it('it rests for longer already behind a piece during which events began to come', () => {
  const { pace, world } = begin();
  pace.lookMs();
  world.now += 8;
  world.handedIn++;
  expect(pace.restAfter('write', 8)).toBe(120);
});

it('it goes on as if alone when none have come for a while', () => {
  const { pace, world } = begin();
  world.handedIn++;
  expect(pace.lookMs()).toBe(10);
  world.now += 250;
  expect(pace.lookMs()).toBe(250);
});
