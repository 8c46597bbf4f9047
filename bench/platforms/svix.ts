/** Svix's open-source server on Redis and PostgreSQL, API and worker in one process, as it is by default. */
import { spawn, spawnSync } from 'node:child_process';
import { freePort } from '../../src/testing/free-port.ts';
import { end, keep } from '../harness/children.ts';
import { untilReady } from '../harness/processes.ts';
import { startPostgres } from '../peers/postgres.ts';
import { startRedis } from '../peers/redis.ts';
import { call, servePlatform } from './platform.ts';
import { svixServer } from './programs.ts';

/** What PostgreSQL grants by default, without the three that it keeps for itself. */
const databaseConnections = '90';

await servePlatform(async (target, directory) => {
  const [postgres, redis] = await Promise.all([startPostgres(directory), startRedis(directory)]);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    RUST_LOG: 'error',
    SVIX_LISTEN_ADDRESS: `127.0.0.1:${port}`,
    SVIX_JWT_SECRET: 'bench',
    SVIX_DB_DSN: postgres.connectionString,
    SVIX_DB_POOL_MAX_SIZE: databaseConnections,
    SVIX_REDIS_DSN: `redis://${redis.host}:${redis.port}`,
    SVIX_QUEUE_TYPE: 'redis',
    SVIX_CACHE_TYPE: 'memory',
    SVIX_WHITELIST_SUBNETS: '[127.0.0.0/8]',
  };
  const token = spawnSync(svixServer, ['jwt', 'generate'], { cwd: directory, env, encoding: 'utf8' });
  const key = /eyJ\S+/.exec(token.stdout)?.[0];
  if (!key) throw new Error(`Svix gives no token: ${token.error ?? token.stdout + token.stderr}`);
  const server = keep(
    spawn(svixServer, ['--run-migrations'], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'], env }),
  );
  await untilReady(`${url}/api/v1/health`, server);
  const api = { url: `${url}/api/v1`, key };
  const { id } = await call<{ id: string }>(api, 'POST', '/app', { name: 'bench' });
  await call(api, 'POST', `/app/${id}/endpoint`, { url: target });
  return {
    ...api,
    intake: { path: `/app/${id}/msg`, before: '{"eventType":"sms.dlr","payload":', after: '}' },
    async close() {
      await end(server, () => server.kill('SIGTERM'), 5_000);
      await Promise.all([redis.close(), postgres.close()]);
    },
  };
});
