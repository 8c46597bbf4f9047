import { beforeEach, describe, expect, it } from 'vitest';
import type { Authenticator } from './auth.ts';
import { forgetEverywhere } from './forget-everywhere.ts';

let said: string[];
let hear: (body: unknown) => void;
let miss: () => void;
let everywhere: Authenticator;

const authenticator = (): Authenticator => ({
  authenticate: async () => {
    throw new Error('nobody');
  },
  forget: () => void said.push('forgets callers'),
  async forgetKeys() {
    said.push('forgets keys');
    throw new Error('the store is away');
  },
  age: () => 0,
  onForget: () => () => {},
});

beforeEach(() => {
  said = [];
  everywhere = forgetEverywhere(authenticator(), {
    tell: (to, kind, body) => void said.push(`tells ${to ?? 'all'} ${kind} ${body}`),
    on: (_, listener) => {
      hear = (body) => listener(body, 'another');
    },
    onMissed: (listener) => {
      miss = listener;
    },
  });
});

describe('callers that are to be forgotten', () => {
  it('are forgotten here and told of', async () => {
    everywhere.forget();
    await expect(everywhere.forgetKeys()).rejects.toThrow('away');
    expect(said.toSorted()).toEqual([
      ...['forgets callers', 'forgets keys', 'tells all forget callers', 'tells all forget keys'],
    ]);
  });

  it('are forgotten where another says so, which is not told on', () => {
    hear('callers');
    hear('keys');
    expect(said).toEqual(['forgets callers', 'forgets keys']);
  });

  it('are all forgotten where something was missed', () => {
    miss();
    expect(said).toEqual(['forgets callers', 'forgets keys']);
  });

  it('are nobody else’s where this process is alone', () => {
    const alone = authenticator();
    expect(forgetEverywhere(alone, null)).toBe(alone);
  });
});
