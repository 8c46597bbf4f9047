import { describe, expect, it } from 'vitest';
import { createPlaces, type Places } from './places.ts';

function leaveOf(places: Places, accountId: string | null, most: number | null): () => void {
  const leave = places.take(accountId, most);
  if (typeof leave === 'string') throw new Error(`no place: ${leave}`);
  return leave;
}

describe('places', () => {
  it('are as many for an account as it may have, and not one more', () => {
    const places = createPlaces(100);
    const leave = leaveOf(places, 'a', 2);
    leaveOf(places, 'a', 2);
    expect(places.take('a', 2)).toBe('account');
    expect(places.takenBy('a')).toBe(2);
    leave();
    expect(places.takenBy('a')).toBe(1);
    leaveOf(places, 'a', 2);
    expect(places.take('a', 2)).toBe('account');
  });

  it('of one account leave those of another', () => {
    const places = createPlaces(100);
    leaveOf(places, 'a', 1);
    expect(places.take('a', 1)).toBe('account');
    leaveOf(places, 'b', 1);
  });

  it('are as many in all as there are, whoever takes them', () => {
    const places = createPlaces(3);
    leaveOf(places, null, 1);
    const leave = leaveOf(places, 'a', null);
    leaveOf(places, 'b', null);
    expect(places.take('c', null)).toBe('all');
    expect(places.take(null, null)).toBe('all');
    expect(places.takenBy('c')).toBe(0);
    leave();
    leaveOf(places, 'c', null);
  });

  it('are left once, however often one leaves', () => {
    const places = createPlaces(2);
    const leave = leaveOf(places, 'a', null);
    leaveOf(places, 'a', null);
    leave();
    leave();
    expect(places.takenBy('a')).toBe(1);
    leaveOf(places, 'b', null);
    expect(places.take('b', null)).toBe('all');
  });
});
