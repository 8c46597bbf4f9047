import { describe, expect, it } from 'vitest';
import { explainConfig, maskSecret } from './explain.ts';

function effective(env: NodeJS.ProcessEnv, name: string) {
  return explainConfig(env).find((value) => value.name === name);
}

describe('explainConfig', () => {
  it('tells a value from the environment from a default', () => {
    const env = { HOOKWIRE_PORT: '9090' };
    expect(effective(env, 'HOOKWIRE_PORT')).toMatchObject({ value: '9090', source: 'environment' });
    expect(effective(env, 'HOOKWIRE_HOST')).toMatchObject({ value: '127.0.0.1', source: 'default' });
    expect(effective(env, 'HOOKWIRE_MASTER_KEY')).toMatchObject({ value: '(not set)', source: 'default' });
  });

  it('masks every secret', () => {
    const secret = 'abcd-the-rest-is-nobodys-business';
    const env = {
      HOOKWIRE_OPERATOR_KEY: secret,
      HOOKWIRE_MASTER_KEY: secret,
      HOOKWIRE_MASTER_KEY_PREVIOUS: secret,
      HOOKWIRE_DATABASE_URL: `postgres://user:${secret}@db/hookwire`,
    };
    expect(JSON.stringify(explainConfig(env))).not.toContain('nobodys-business');
    expect(effective(env, 'HOOKWIRE_OPERATOR_KEY')?.value).toBe('abcd********');
  });

  it('shows a proxy without who calls it', () => {
    const shown = (url: string) => effective({ HOOKWIRE_EGRESS_PROXY: url }, 'HOOKWIRE_EGRESS_PROXY')?.value;
    expect(shown('http://me:s3cret@pw@proxy.example:3128')).toBe('http://********@proxy.example:3128');
    expect(shown('https://proxy.example')).toBe('https://proxy.example');
    expect(shown('http://me:s3cret/@proxy.example')).toBe('http********');
  });

  it('shows a value that is wrong, so that it can be found', () => {
    expect(effective({ HOOKWIRE_PORT: 'eighty' }, 'HOOKWIRE_PORT')?.value).toBe('eighty');
  });
});

describe('maskSecret', () => {
  it('shows nothing of a short secret', () => {
    expect(maskSecret('12345678')).toBe('********');
  });
});
