/**
 * Hookdeck Outpost on RabbitMQ, Redis and PostgreSQL, its three services in one process, as it is by default. Its guide on
 * deployment advises three processes; on 2 cores they were no faster.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { freePort } from '../../src/testing/free-port.ts';
import { end, keep } from '../harness/children.ts';
import { untilReady } from '../harness/processes.ts';
import { startPostgres } from '../peers/postgres.ts';
import { startRedis } from '../peers/redis.ts';
import { call, servePlatform } from './platform.ts';
import { outpost, outpostServer } from './programs.ts';
import { startRabbitmq } from './rabbitmq.ts';

/** Deliveries, and entries of the log, at a time; by default 1. */
const concurrency = '100';
/** It listens on every address of the machine, and has no setting for that. */
const key = randomBytes(24).toString('hex');
const topic = 'sms.dlr';
const tenant = 'bench';

await servePlatform(async (target, directory) => {
  const [postgres, redis, rabbitmq] = await Promise.all([
    startPostgres(directory),
    startRedis(directory),
    startRabbitmq(directory),
  ]);
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    LOG_LEVEL: 'error',
    DISABLE_TELEMETRY: 'true',
    API_KEY: key,
    API_JWT_SECRET: key,
    AES_ENCRYPTION_SECRET: '0123456789abcdef0123456789abcdef',
    TOPICS: topic,
    POSTGRES_URL: `${postgres.connectionString}?sslmode=disable`,
    REDIS_HOST: redis.host,
    REDIS_PORT: String(redis.port),
    RABBITMQ_SERVER_URL: rabbitmq.url,
    DELIVERY_MAX_CONCURRENCY: concurrency,
    LOG_MAX_CONCURRENCY: concurrency,
  };
  const migrated = spawnSync(outpost, ['migrate', 'apply', '--yes'], {
    cwd: directory,
    env,
    encoding: 'utf8',
  });
  if (migrated.status !== 0) throw new Error(`${migrated.error ?? migrated.stdout + migrated.stderr}`);
  const url = `http://127.0.0.1:${port}`;
  const server = keep(
    spawn(outpostServer, {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...env, API_PORT: String(port) },
    }),
  );
  await untilReady(`${url}/healthz`, server);
  const api = { url: `${url}/api/v1`, key };
  await call(api, 'PUT', `/tenants/${tenant}`, {});
  await call(api, 'POST', `/tenants/${tenant}/destinations`, {
    type: 'webhook',
    topics: [topic],
    config: { url: target },
  });
  return {
    ...api,
    intake: { path: '/publish', before: `{"tenant_id":"${tenant}","topic":"${topic}","data":`, after: '}' },
    async close() {
      await end(server, () => server.kill('SIGTERM'), 5_000);
      await Promise.all([rabbitmq.close(), redis.close(), postgres.close()]);
    },
  };
});
