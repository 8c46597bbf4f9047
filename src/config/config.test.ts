import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { declaredLimits } from '../core/account-limits.ts';
import { declaredKeep } from '../core/keeping.ts';
import { usualDeadlines } from '../http/app.ts';
import { usualCallRates } from '../http/requests/call-limits.ts';
import { loadConfig } from './config.ts';
import { ConfigError, type ConfigProblem } from './environment.ts';

function problemsOf(env: NodeJS.ProcessEnv): readonly ConfigProblem[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('boots on ./data and the loopback address without any configuration', () => {
    expect(loadConfig({ PATH: '/usr/bin' })).toEqual({
      http: {
        host: '127.0.0.1',
        port: 8080,
        inheritedSocket: null,
        maxBodyBytes: 4_194_304,
        trustedProxies: [],
        connections: { most: 4_000, mostOfAddress: 500 },
        deadlines: usualDeadlines,
        callRates: usualCallRates,
      },
      portal: { frameOrigins: [], publicUrl: null, oidc: null },
      storage: {
        dataDir: resolve('data'),
        databaseUrl: null,
        databaseDirectUrl: null,
        databaseConnections: 16,
      },
      intake: { mostDeliveries: 100_000 },
      limits: { ofAccount: declaredLimits, maxTests: 50, maxLiveStreams: 500 },
      keep: { ...declaredKeep, auditDays: 400 },
      delivery: {
        maxInFlight: 2_000,
        couriers: Math.max(1, availableParallelism() - 1),
        allowNetworks: [],
        insideDomains: [],
        disableAfterMs: 432_000_000,
        shutdownTimeoutMs: 20_000,
      },
      names: {},
      egress: { proxy: null, except: [], caFile: null },
      log: { level: 'info' },
      traces: { endpoint: null, ratio: 1 },
      secrets: {
        operatorKey: null,
        masterKey: null,
        previousMasterKeys: [],
        egressProxyUser: null,
        oidcClientSecret: null,
        traceHeaders: {},
      },
    });
  });

  it('reads every key', () => {
    const config = loadConfig({
      HOOKWIRE_HOST: '::',
      HOOKWIRE_PORT: '0',
      HOOKWIRE_DATA_DIR: '/var/lib/hookwire',
      HOOKWIRE_OPERATOR_KEY: 'op_0123456789abcdef',
      HOOKWIRE_MASTER_KEY: 'correct horse battery staple',
      HOOKWIRE_MASTER_KEY_PREVIOUS: 'an older passphrase, another older still',
      HOOKWIRE_ALLOW_NETWORKS: '127.0.0.0/8, fd00::/8',
      HOOKWIRE_INSIDE_DOMAINS: 'inside.example.com, prod',
      HOOKWIRE_DNS_SERVERS: '10.0.0.2, 10.0.0.3:5353,[fd00::53]:54',
      HOOKWIRE_EGRESS_PROXY: 'https://me:p%40ss%3A@[fd00::1]:8443/',
      HOOKWIRE_EGRESS_PROXY_EXCEPT: '10.0.0.0/8, fd00::7,*.Internal.example, .lan, collector',
      HOOKWIRE_CA_FILE: '/etc/ca.pem',
      HOOKWIRE_MAX_BODY_BYTES: '1024',
      HOOKWIRE_PORTAL_FRAME_ORIGINS: 'https://Console.example.com, http://localhost:3000',
      HOOKWIRE_PUBLIC_URL: 'https://Hooks.example.com/',
      HOOKWIRE_TRUSTED_PROXIES: '10.0.0.0/8',
      HOOKWIRE_MAX_CONNECTIONS: '16',
      HOOKWIRE_MAX_CONNECTIONS_OF_ADDRESS: '1',
      HOOKWIRE_HEADERS_TIMEOUT_MS: '1000',
      HOOKWIRE_REQUEST_TIMEOUT_MS: '2000',
      HOOKWIRE_KEEP_ALIVE_TIMEOUT_MS: '3000',
      HOOKWIRE_CALLS_PER_SECOND_OF_KEY: '1',
      HOOKWIRE_CALLS_PER_SECOND_OF_ADDRESS: '2',
      HOOKWIRE_REFUSED_CALLS_PER_SECOND: 'off',
      HOOKWIRE_OIDC_ISSUER: 'https://login.example.com/realms/acme',
      HOOKWIRE_OIDC_CLIENT_ID: 'hookwire',
      HOOKWIRE_OIDC_CLIENT_SECRET: 's3cret',
      HOOKWIRE_OIDC_NAME: 'Acme Login',
      HOOKWIRE_INTAKE_QUEUE: '1000',
      HOOKWIRE_LIMIT_WEBHOOKS: '1',
      HOOKWIRE_LIMIT_EVENTS_PER_SECOND: '2',
      HOOKWIRE_LIMIT_DELIVERIES_WAITING: '3',
      HOOKWIRE_LIMIT_KEYS: '4',
      HOOKWIRE_LIMIT_SENDERS: '5',
      HOOKWIRE_LIMIT_LIVE_STREAMS: '6',
      HOOKWIRE_LIMIT_TESTS: 'Off',
      HOOKWIRE_LIMIT_LISTS: '8',
      HOOKWIRE_KEEP_PAYLOAD_DAYS: '20',
      HOOKWIRE_KEEP_LOG_DAYS: '0',
      HOOKWIRE_KEEP_AUDIT_DAYS: '90',
      HOOKWIRE_MAX_TESTS: '9',
      HOOKWIRE_MAX_LIVE_STREAMS: '10',
      HOOKWIRE_MAX_IN_FLIGHT: '7',
      HOOKWIRE_COURIERS: '11',
      HOOKWIRE_DISABLE_AFTER_HOURS: '1',
      HOOKWIRE_SHUTDOWN_TIMEOUT_MS: '0',
      HOOKWIRE_LOG_LEVEL: 'DEBUG',
      HOOKWIRE_OTLP_ENDPOINT: 'https://otel.example/otlp',
      HOOKWIRE_OTLP_HEADERS: 'X-Api-Key=abc=, x-scope=a b',
      HOOKWIRE_TRACE_RATIO: '0.25',
    });
    expect(config).toEqual({
      http: {
        host: '::',
        port: 0,
        inheritedSocket: null,
        maxBodyBytes: 1_024,
        trustedProxies: ['10.0.0.0/8'],
        connections: { most: 16, mostOfAddress: 1 },
        deadlines: { headersMs: 1_000, requestMs: 2_000, keepAliveMs: 3_000 },
        callRates: { ofKey: 1, ofAddress: 2, refusedOfAddress: null },
      },
      portal: {
        frameOrigins: ['https://console.example.com', 'http://localhost:3000'],
        publicUrl: 'https://hooks.example.com',
        oidc: { issuer: 'https://login.example.com/realms/acme', clientId: 'hookwire', name: 'Acme Login' },
      },
      storage: {
        dataDir: '/var/lib/hookwire',
        databaseUrl: null,
        databaseDirectUrl: null,
        databaseConnections: 16,
      },
      intake: { mostDeliveries: 1_000 },
      limits: {
        ofAccount: {
          webhooks: 1,
          eventsPerSecond: 2,
          deliveriesWaiting: 3,
          keys: 4,
          senders: 5,
          liveStreams: 6,
          tests: null,
          lists: 8,
        },
        maxTests: 9,
        maxLiveStreams: 10,
      },
      keep: { payloadDays: 20, logDays: 0, auditDays: 90 },
      delivery: {
        maxInFlight: 7,
        couriers: 11,
        allowNetworks: ['127.0.0.0/8', 'fd00::/8'],
        insideDomains: ['inside.example.com', 'prod'],
        disableAfterMs: 3_600_000,
        shutdownTimeoutMs: 0,
      },
      names: {
        servers: [
          { address: '10.0.0.2', port: 53 },
          { address: '10.0.0.3', port: 5353 },
          { address: 'fd00::53', port: 54 },
        ],
      },
      egress: {
        proxy: { secure: true, hostname: 'fd00::1', port: 8443 },
        except: ['10.0.0.0/8', 'fd00::7', '*.Internal.example', '.lan', 'collector'],
        caFile: '/etc/ca.pem',
      },
      log: { level: 'debug' },
      traces: { endpoint: 'https://otel.example/otlp', ratio: 0.25 },
      secrets: {
        operatorKey: 'op_0123456789abcdef',
        masterKey: 'correct horse battery staple',
        previousMasterKeys: ['an older passphrase', 'another older still'],
        egressProxyUser: { name: 'me', password: 'p@ss:' },
        oidcClientSecret: 's3cret',
        traceHeaders: { 'x-api-key': 'abc=', 'x-scope': 'a b' },
      },
    });
  });

  it('wants what OIDC needs together', () => {
    expect(problemsOf({ HOOKWIRE_OIDC_ISSUER: 'https://login.example.com' }).map(({ key }) => key)).toEqual([
      'HOOKWIRE_OIDC_CLIENT_ID',
      'HOOKWIRE_OIDC_CLIENT_SECRET',
    ]);
  });

  it('is frozen to its depths', () => {
    const config = loadConfig({ HOOKWIRE_ALLOW_NETWORKS: '10.0.0.0/8' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.secrets)).toBe(true);
    expect(Object.isFrozen(config.delivery.allowNetworks)).toBe(true);
  });

  it.each([
    [{ HOOKWIRE_KEEP_PAYLOAD_DAYS: '401' }, /^is 401 days, longer than HOOKWIRE_KEEP_LOG_DAYS \(400 days\)/],
    [{ HOOKWIRE_KEEP_PAYLOAD_DAYS: '0' }, /^is 0 \(for ever\), longer than/],
    [{ HOOKWIRE_KEEP_LOG_DAYS: '29' }, /^is 30 days, longer than HOOKWIRE_KEEP_LOG_DAYS \(29 days\)/],
  ])('keeps no contents longer than their entries in the log: %j', (env, message) => {
    expect(problemsOf(env)).toMatchObject([
      { key: 'HOOKWIRE_KEEP_PAYLOAD_DAYS', message: expect.stringMatching(message) },
    ]);
    expect(problemsOf({ HOOKWIRE_KEEP_PAYLOAD_DAYS: '0', HOOKWIRE_KEEP_LOG_DAYS: '0' })).toEqual([]);
  });

  it('takes an empty variable for an absent one', () => {
    expect(loadConfig({ HOOKWIRE_PORT: ' ', HOOKWIRE_OPERATOR_KEY: '' })).toEqual(loadConfig({}));
  });

  it('lists every problem at once, each with its key', () => {
    const problems = problemsOf({
      HOOKWIRE_PORT: '80800',
      HOOKWIRE_OPERATOR_KEY: 'short',
      HOOKWIRE_LOG_LEVEL: 'loud',
      HOOKWIRE_PROT: '1',
    });
    expect(problems.map(({ key }) => key).sort()).toEqual([
      'HOOKWIRE_LOG_LEVEL',
      'HOOKWIRE_OPERATOR_KEY',
      'HOOKWIRE_PORT',
      'HOOKWIRE_PROT',
    ]);
  });

  it.each([
    ['HOOKWIRE_DATADIR', 'did you mean HOOKWIRE_DATA_DIR?'],
    ['HOOKWIRE_ALLOWED_NETWORKS', 'did you mean HOOKWIRE_ALLOW_NETWORKS?'],
    ['HOOKWIRE_SOMETHING_ELSE_ALTOGETHER', '`hookwire config` lists the keys'],
  ])('refuses the unknown key %s with a hint', (name, hint) => {
    expect(problemsOf({ [name]: 'x' })).toEqual([
      { key: name, message: `is not a key of Hookwire; ${hint}` },
    ]);
  });

  it('leaves variables of other programs alone', () => {
    expect(problemsOf({ HOOKWIREX: '1', PORT: 'x', hookwire_port: '1' })).toEqual([]);
  });

  it('takes a connection string of PostgreSQL as it is', () => {
    const urls = [
      'postgres://hookwire@db.example.com/hookwire',
      'postgresql://user:p%40ss@127.0.0.1:6432/hookwire?sslmode=require',
      'postgres:///hookwire?host=/var/run/postgresql',
    ];
    for (const url of urls) expect(loadConfig({ HOOKWIRE_DATABASE_URL: url }).storage.databaseUrl).toBe(url);
    expect(loadConfig({}).storage.databaseUrl).toBeNull();
  });

  it('takes the way to it past a pooler, which is the same unless told', () => {
    const pooled = 'postgres://hookwire@pooler:6432/hookwire';
    const direct = 'postgres://hookwire@db/hookwire';
    expect(loadConfig({ HOOKWIRE_DATABASE_URL: pooled }).storage.databaseDirectUrl).toBe(pooled);
    const both = { HOOKWIRE_DATABASE_URL: pooled, HOOKWIRE_DATABASE_DIRECT_URL: direct };
    expect(loadConfig(both).storage).toMatchObject({ databaseUrl: pooled, databaseDirectUrl: direct });
    expect(problemsOf({ HOOKWIRE_DATABASE_DIRECT_URL: direct })).toEqual([
      { key: 'HOOKWIRE_DATABASE_DIRECT_URL', message: 'means nothing without HOOKWIRE_DATABASE_URL' },
    ]);
  });

  it.each([
    ['mysql://db/hookwire', 'must be a connection string'],
    ['host=db dbname=hookwire', 'must be a connection string'],
    ['postgres:///hookwire', 'must name a host'],
    ['postgres://db', 'must name a database'],
    ['postgres://db/', 'must name a database'],
    ['postgres://db/hookwire?sslmode=prefer', 'sslmode'],
  ])('refuses %s as one, and says what is wrong', (url, problem) => {
    expect(problemsOf({ HOOKWIRE_DATABASE_URL: url })).toEqual([
      { key: 'HOOKWIRE_DATABASE_URL', message: expect.stringContaining(problem) },
    ]);
  });

  it.each([
    ['HOOKWIRE_DATABASE_CONNECTIONS', ['8', '201', 'many']],
    ['HOOKWIRE_PORT', ['65536', '-1', '8080.5', '0x50', '1e3', 'http']],
    ['HOOKWIRE_HOST', ['http://example.com', 'example.com:80', 'a b', '-x']],
    [
      'HOOKWIRE_ALLOW_NETWORKS',
      [
        '10.0.0.0',
        '10.0.0.0/33',
        '127/8',
        '0x7f.0.0.1/8',
        '0177.0.0.1/8',
        'localhost',
        '10.0.0.0/8;11.0.0.0/8',
      ],
    ],
    ['HOOKWIRE_OPERATOR_KEY', ['fifteen-letters', 'sixteen letters with spaces', 'sixteen-lettérs-é']],
    ['HOOKWIRE_MASTER_KEY', ['fifteen-letters', 'a passphrase, with a comma']],
    ['HOOKWIRE_MASTER_KEY_PREVIOUS', ['a passphrase long enough,short']],
    [
      'HOOKWIRE_DNS_SERVERS',
      ['ns.example', '10.0.0.2:0', '10.0.0.2:70000', '[fd00::53', '10.0.0.2;10.0.0.3'],
    ],
    [
      'HOOKWIRE_EGRESS_PROXY',
      [
        'proxy.example:3128',
        'socks5://proxy.example',
        'http://',
        'http://proxy.example/path',
        'http://proxy.example?x',
        'http://proxy.example:0',
        'http://proxy.example:70000',
        'http://:pass@proxy.example',
        'http://me:100%@proxy.example',
        'http://me:a/b@proxy.example',
        'http://me:a#b@proxy.example',
        'http://m%3Ae:pass@proxy.example',
        'http://me:a%0Ab@proxy.example',
      ],
    ],
    [
      'HOOKWIRE_EGRESS_PROXY_EXCEPT',
      [
        '10.0.0.0/33',
        '10/8',
        '*',
        'a..b',
        'http://a.example',
        'a.example:80',
        '-a.example',
        '10.1',
        'a.*.example',
      ],
    ],
    ['HOOKWIRE_LOG_LEVEL', ['verbose', '30']],
    ['HOOKWIRE_INTAKE_QUEUE', ['0', '999', 'Infinity']],
    [
      'HOOKWIRE_OTLP_ENDPOINT',
      ['collector:4318', 'grpc://collector', 'http://a:b@collector', 'http://collector/?k=1'],
    ],
    ['HOOKWIRE_OTLP_HEADERS', ['key', 'a b=c', 'key=', '=value']],
    [
      'HOOKWIRE_PORTAL_FRAME_ORIGINS',
      [
        'console.example.com',
        'https://*.example.com',
        'https://console.example.com/path',
        'https://console.example.com/',
        'https://a@console.example.com',
        'ftp://console.example.com',
        "https://console.example.com; script-src 'unsafe-inline'",
      ],
    ],
    ['HOOKWIRE_TRACE_RATIO', ['1.1', '-0.1', '1e-2', '10 %', '.5']],
  ])('refuses for %s each of %j', (name, values) => {
    for (const value of values) {
      expect(problemsOf({ [name]: value }), value).toEqual([
        { key: name, message: expect.stringMatching(/^must be /) },
      ]);
    }
  });

  it('says how to write a single address as a range', () => {
    expect(problemsOf({ HOOKWIRE_ALLOW_NETWORKS: '10.1.2.3' })[0]?.message).toContain('write 10.1.2.3/32');
    expect(problemsOf({ HOOKWIRE_ALLOW_NETWORKS: '::1' })[0]?.message).toContain('write ::1/128');
  });

  it('never repeats a secret in its errors', () => {
    const secret = 'hunter2hunter2é';
    const env = {
      HOOKWIRE_OPERATOR_KEY: secret,
      HOOKWIRE_MASTER_KEY: 'pass,word',
      HOOKWIRE_DATABASE_URL: secret,
      HOOKWIRE_DATABASE_DIRECT_URL: secret,
      HOOKWIRE_EGRESS_PROXY: `http://me:${secret}@proxy.example/pass,word`,
    };
    for (const { message } of problemsOf(env)) {
      expect(message).not.toContain(secret);
      expect(message).not.toContain('pass,word');
    }
  });
});
