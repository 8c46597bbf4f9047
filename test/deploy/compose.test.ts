import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.ts';
import { configKeys } from '../../src/config/keys.ts';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string | number | null>>;
  readonly depends_on: Readonly<Record<string, { condition: string }>>;
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs: readonly string[];
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly ulimits: { nofile: number };
  readonly stop_grace_period: string;
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
}

const directory = join(import.meta.dirname, '../../deploy/compose');
const read = (file: string): string => readFileSync(join(directory, file), 'utf8');
const text = read('compose.yaml');
const example = read('.env.example');
const variables = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));
/** Those without which nothing starts. */
const needed = new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name));

/** What compose makes of the file where `.env` says so. */
function composed(env: Readonly<Record<string, string>>) {
  const filled = text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_whole, name: string, how, words) => {
    if (env[name]) return env[name];
    if (how === '?') throw new Error(`${name} ${words}`);
    return words ?? '';
  });
  return parse(filled, { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly networks: Readonly<Record<string, { internal?: boolean }>>;
  };
}

/** The environment of a gateway: what YAML takes for a number is text in it. */
function environmentOf(service: Service | undefined): NodeJS.ProcessEnv {
  const pairs = Object.entries<string | number | null>(service?.environment ?? {});
  return Object.fromEntries(pairs.map(([name, value]) => [name, String(value ?? '')]));
}

const secrets = {
  POSTGRES_PASSWORD: '8f14e45fceea167a5a36dedd4bea2543',
  HOOKWIRE_MASTER_KEY: 'kT0cFvC1x0WkqXJw2c9vQmS4mTg1m0b3v8rJ5o0bq3E=',
  HOOKWIRE_OPERATOR_KEY: 'op_9f2c61d07be84a3f',
};
const { services, networks } = composed(secrets);
const gateways = Object.entries(services).filter(([name]) => name.startsWith('gateway-'));

describe('compose.yaml', () => {
  it('starts three gateways with what a gateway can be configured by, all alike', () => {
    expect(gateways.map(([name]) => name)).toEqual(['gateway-1', 'gateway-2', 'gateway-3']);
    for (const [, service] of gateways) {
      const config = loadConfig(environmentOf(service));
      expect(config.storage.databaseUrl).toBe(
        `postgres://hookwire:${secrets.POSTGRES_PASSWORD}@postgres:5432/hookwire?sslmode=disable`,
      );
      expect(config.secrets).toMatchObject({
        masterKey: expect.anything(),
        operatorKey: secrets.HOOKWIRE_OPERATOR_KEY,
      });
      expect(config.http.trustedProxies).toEqual(['172.31.250.0/24']);
    }
  });

  it('does not start without its secrets, and says which is missing', () => {
    expect([...needed].sort()).toEqual(Object.keys(secrets).sort());
    for (const name of needed)
      expect(() => composed({ ...secrets, [name]: '' })).toThrow(`${name} is not set`);
  });

  it('has every variable that it knows in .env.example, and no other', () => {
    const told = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual([...variables].filter((name) => name !== 'HOOKWIRE_LOG_LEVEL').sort());
    const values = Object.fromEntries(
      [...example.matchAll(/^#?([A-Z_]+)=(.+)$/gm)].map(([, name, to]) => [name, to]),
    );
    const gateway = composed({ ...secrets, ...values }).services['gateway-1'];
    expect(loadConfig(environmentOf(gateway)).portal.publicUrl).toBe('https://hooks.example.com');
  });

  it('gives a gateway nothing to write to that lasts, and no right that it does not need', () => {
    for (const [name, service] of gateways) {
      expect(service, name).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        networks: ['gateways', 'database'],
      });
      expect(service.volumes).toBeUndefined();
      expect(service.tmpfs.map((mount) => mount.split(':')[0])).toEqual(['/tmp', '/var/lib/hookwire']);
    }
  });

  it('lets a gateway end what it has begun, and open as many files as it may need', () => {
    for (const [, { stop_grace_period, ulimits }] of gateways) {
      expect(Number.parseInt(stop_grace_period, 10) * 1000).toBeGreaterThan(
        Number(configKeys.shutdownTimeoutMs.default) + 5_000,
      );
      expect(ulimits.nofile).toBeGreaterThan(
        Number(configKeys.maxConnections.default) + Number(configKeys.maxInFlight.default),
      );
    }
  });

  it('waits with the gateways for the database, and with the proxy for no gateway to be well', () => {
    for (const [, { depends_on }] of gateways)
      expect(depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(Object.values(services.proxy?.depends_on ?? {})).toEqual(
      gateways.map(() => ({ condition: 'service_started' })),
    );
  });

  it('leaves connections enough in the database for three gateways during an update of one', () => {
    const most = Number(/max_connections=(\d+)/.exec(services.postgres?.command?.join(' ') ?? '')?.[1]);
    const { HOOKWIRE_COURIERS } = environmentOf(gateways[0]?.[1]);
    const ofOne = Number(configKeys.databaseConnections.default) + Number(HOOKWIRE_COURIERS) + 1;
    expect(most).toBeGreaterThan(4 * ofOne);
  });

  it('opens nothing to other machines but the proxy, and that when asked', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports);
    expect(open.map(([name, { ports }]) => [name, ports])).toEqual([['proxy', ['127.0.0.1:8080:8080']]]);
    expect(networks.database?.internal).toBe(true);
    expect(services.postgres?.networks).toEqual(['database']);
  });

  it('says of every image which one it is', () => {
    for (const { image } of Object.values(services)) expect(image).toMatch(/^[a-z]+:\d+\.\d+/);
    const { version } = JSON.parse(readFileSync(join(directory, '../../package.json'), 'utf8'));
    expect(gateways[0]?.[1].image).toBe(`hookwire:${version}`);
  });
});

describe('the proxy', () => {
  const lines = read('haproxy.cfg')
    .split('\n')
    .map((line) => line.trim());

  it('knows every gateway, and asks each whether it is ready', () => {
    const servers = lines.flatMap((line) => /^server (\S+) (\S+)$/.exec(line)?.slice(1) ?? []);
    expect(servers).toEqual(gateways.flatMap(([name]) => [name, `${name}:8080`]));
    expect(lines).toContain('http-check send meth GET uri /readyz');
  });

  it('keeps a connection for less long than a gateway does', () => {
    const [, seconds] = /timeout http-keep-alive (\d+)s/.exec(lines.join('\n')) ?? [];
    expect(Number(seconds) * 1000).toBeLessThan(Number(configKeys.keepAliveTimeoutMs.default));
  });
});
