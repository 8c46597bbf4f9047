import { describe, expect, it } from 'vitest';
import { ConfigError } from './environment.ts';
import { inheritedSocket } from './inherited-socket.ts';

describe('the socket of a service manager', () => {
  it('is the descriptor after standard error', () => {
    expect(inheritedSocket({ LISTEN_PID: '42', LISTEN_FDS: '1' }, 42)).toBe(3);
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['nothing is said', {}],
    ['another process was meant', { LISTEN_PID: '41', LISTEN_FDS: '1' }],
    ['no number is said', { LISTEN_PID: '42' }],
  ])('is none where %s', (_what, env) => {
    expect(inheritedSocket(env, 42)).toBeNull();
  });

  it('is refused where there are several', () => {
    expect(() => inheritedSocket({ LISTEN_PID: '42', LISTEN_FDS: '2' }, 42)).toThrow(ConfigError);
  });
});
