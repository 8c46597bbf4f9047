import { describe, expect, it } from 'vitest';
import { deliveryStates, errorClasses } from '../core/delivery.ts';
import { errorClassCode, errorClassOf, stateCode, stateOf } from './codes.ts';

describe('codes', () => {
  it('stand for what they stood for when they were written: they are on disk and in the indexes', () => {
    expect(deliveryStates.map(stateCode)).toEqual([1, 2, 3, 4, 5]);
    expect(deliveryStates).toEqual(['pending', 'retrying', 'delivered', 'failed', 'skipped']);
    expect(errorClassCode('dns')).toBe(1);
    expect(errorClassCode('render')).toBe(14);
  });

  it('give back what they were made of', () => {
    expect(deliveryStates.map((state) => stateOf(stateCode(state)))).toEqual(deliveryStates);
    for (const errorClass of [...errorClasses, null]) {
      expect(errorClassOf(errorClassCode(errorClass))).toBe(errorClass);
    }
  });

  it('that nobody knows are an error for a state, and no class for an error class', () => {
    expect(() => stateOf(99)).toThrow('unknown delivery state 99');
    expect(errorClassOf(99)).toBeNull();
  });
});
