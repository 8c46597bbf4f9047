import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { type ConfigKey, configKeys } from './keys.ts';

const keys = Object.values<ConfigKey<unknown>>(configKeys);

/** These mean nothing without each other. */
const oidc = {
  HOOKWIRE_OIDC_ISSUER: 'https://login.example.com',
  HOOKWIRE_OIDC_CLIENT_ID: 'hookwire',
  HOOKWIRE_OIDC_CLIENT_SECRET: 'secret',
};

describe('the table of keys', () => {
  it('declares each name once', () => {
    expect(new Set(keys.map(({ name }) => name)).size).toBe(keys.length);
  });

  it.each(keys.map((key) => [key.name, key] as const))(
    '%s has a default that it accepts, or says what its absence means',
    (_, key) => {
      if (key.default === null) expect(key.absent).toMatch(/\.$/);
      else expect(key.parse(key.default)).toHaveProperty('value');
    },
  );

  it.each(keys.map((key) => [key.name, key.example]))('%s has an example that works', (name, example) => {
    const together = {
      ...(name.startsWith('HOOKWIRE_OIDC_') && oidc),
      ...(name === 'HOOKWIRE_DATABASE_DIRECT_URL' && { HOOKWIRE_DATABASE_URL: example }),
    };
    expect(() => loadConfig({ ...together, [name]: example })).not.toThrow();
  });

  it('describes each key in whole sentences', () => {
    for (const { description } of keys) expect(description).toMatch(/^[A-Z].*\.$/s);
  });
});
