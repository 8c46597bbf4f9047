import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../src/testing/free-port.ts';
import { end, hasEnded, keep } from '../harness/children.ts';
import { pause } from '../harness/processes.ts';
import { rabbitmqDirectory } from './programs.ts';

export interface RabbitmqServer {
  readonly url: string;
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** A RabbitMQ of its own, with its defaults. */
export async function startRabbitmq(directory: string): Promise<RabbitmqServer> {
  const own = join(directory, 'rabbitmq');
  mkdirSync(own);
  const [port, distributionPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  const config = join(own, 'rabbitmq.conf');
  writeFileSync(config, `listeners.tcp.1 = ${host}:${port}\n`);
  // Without one of its own RabbitMQ would start a daemon that stays behind.
  const epmd = keep(spawn('epmd', ['-address', host, '-port', String(epmdPort)], { stdio: 'ignore' }));
  const server = keep(
    spawn(join(rabbitmqDirectory, 'rabbitmq-server'), {
      cwd: own,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: own,
        ERL_EPMD_PORT: String(epmdPort),
        ERL_EPMD_ADDRESS: host,
        RABBITMQ_NODENAME: `bench${port}@localhost`,
        RABBITMQ_CONFIG_FILE: config,
        RABBITMQ_CONF_ENV_FILE: join(own, 'none'),
        RABBITMQ_ADVANCED_CONFIG_FILE: join(own, 'none.config'),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(own, 'plugins'),
        RABBITMQ_MNESIA_BASE: join(own, 'data'),
        RABBITMQ_LOG_BASE: join(own, 'log'),
        RABBITMQ_DIST_PORT: String(distributionPort),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-noinput -kernel inet_dist_use_interface {127,0,0,1}',
        // The script then becomes the server instead of waiting for it, and can be ended by its own id.
        RABBITMQ_ALLOW_INPUT: 'true',
      },
    }),
  );
  const said: string[] = [];
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => said.push(String(text)));
  const deadline = Date.now() + 60_000;
  while (!(await isOpen(port))) {
    if (hasEnded(server) || Date.now() > deadline)
      throw new Error(`RabbitMQ did not start: ${said.join('')}`);
    await pause(100);
  }
  return {
    url: `amqp://guest:guest@${host}:${port}`,
    async close() {
      await end(server, () => server.kill('SIGTERM'), 10_000);
      await end(epmd, () => epmd.kill('SIGTERM'));
    },
  };
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
