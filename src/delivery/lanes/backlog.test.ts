import { describe, expect, it } from 'vitest';
import { testDelivery } from '../testing/deliveries.ts';
import { Backlog } from './backlog.ts';
import { createLaneMemory } from './memory.ts';

describe('a backlog that is told of more than it holds', () => {
  it('loads again where that came while a load was under way, which may have looked before', () => {
    const backlog = loading();
    backlog.tellOfMore();
    backlog.loadedPending([testDelivery(0)], true);
    expect(backlog.spilled).toBe(true);
    backlog.loadingPending = true;
    backlog.loadedPending([testDelivery(1)], true);
    expect(backlog.spilled).toBe(false);
  });

  it('loads once where that came before', () => {
    const backlog = open();
    backlog.tellOfMore();
    expect(backlog.spilled).toBe(true);
    backlog.loadingPending = true;
    backlog.loadedPending([testDelivery(0)], true);
    expect(backlog.spilled).toBe(false);
  });
});

function open(): Backlog {
  return new Backlog('acme', createLaneMemory());
}

function loading(): Backlog {
  const backlog = open();
  backlog.loadingPending = true;
  return backlog;
}
