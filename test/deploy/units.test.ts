import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { loadConfig } from '../../src/config/config.ts';
import { configKeys } from '../../src/config/keys.ts';

const directory = join(import.meta.dirname, '../../deploy/systemd');
const read = (file: string): string => readFileSync(join(directory, file), 'utf8');

/** What a unit sets, whatever the section: some settings may stand more than once. */
function settingsOf(unit: string): ReadonlyMap<string, readonly string[]> {
  const lines = [...read(unit).matchAll(/^([A-Za-z]+)=(.*)$/gm)];
  const named = Map.groupBy(lines, ([, name = '']) => name);
  return new Map([...named].map(([name, found]) => [name, found.map(([, , value = '']) => value)]));
}

describe('hookwire.service', () => {
  const settings = settingsOf('hookwire.service');
  const service = (name: string) => settings.get(name)?.at(-1);

  it('lets the gateway end what it has begun, and open as many files as it may need', () => {
    expect(Number(service('TimeoutStopSec')) * 1000).toBeGreaterThan(
      Number(configKeys.shutdownTimeoutMs.default) + 5_000,
    );
    expect(Number(service('LimitNOFILE'))).toBeGreaterThan(
      Number(configKeys.maxConnections.default) + Number(configKeys.maxInFlight.default),
    );
  });

  it('starts Node.js itself, which hears the signals and takes the socket', () => {
    expect(service('ExecStart')).toMatch(/^\/\S+\/node \S+\/hookwire\.js serve$/);
  });

  it('starts it again when it died, and not where that would not help', () => {
    expect(service('Restart')).toBe('on-failure');
    const { usage, oldNode, data } = exitCodes;
    expect(service('RestartPreventExitStatus')).toBe(
      [usage, oldNode, data].map(({ code }) => code).join(' '),
    );
  });

  it('lets it write where its data and its compiled code are, and nowhere else', () => {
    expect(service('ProtectSystem')).toBe('strict');
    expect(service('Environment')).toContain(`HOOKWIRE_DATA_DIR=/var/lib/${service('StateDirectory')}`);
    expect(service('CacheDirectory')).toBe('hookwire');
    expect(service('ReadWritePaths')).toBeUndefined();
  });

  it('gives it no right of root’s', () => {
    expect(service('User')).toBe('hookwire');
    expect(service('CapabilityBoundingSet')).toBe('');
    expect(service('NoNewPrivileges')).toBe('yes');
    // V8 writes code that it runs.
    expect(service('MemoryDenyWriteExecute')).toBeUndefined();
  });
});

describe('hookwire.socket', () => {
  it('hands one socket over, which listens where the gateway would', () => {
    const settings = settingsOf('hookwire.socket');
    expect(settings.get('ListenStream')).toEqual([`${configKeys.host.default}:${configKeys.port.default}`]);
    expect(settings.get('Accept')).toBeUndefined();
  });
});

describe('hookwire.env.example', () => {
  it('has keys that there are, with values that they take', () => {
    const lines = [...read('hookwire.env.example').matchAll(/^#?(HOOKWIRE_[A-Z_]+)=(.*)$/gm)];
    const env = Object.fromEntries(lines.map(([, name, value]) => [name, value]));
    expect(() => loadConfig(env)).not.toThrow();
    for (const name of ['HOOKWIRE_MASTER_KEY', 'HOOKWIRE_OPERATOR_KEY']) expect(env[name]).toBe('');
  });
});
