import { ConfigError } from './environment.ts';

/** The first descriptor that is handed over. */
const firstSocket = 3;

/**
 * The listening socket that a service manager opened and handed over, by systemd's protocol (`sd_listen_fds(3)`): it
 * stays open between two processes, so that a restart refuses no call. Variables that were meant for another process,
 * such as a shell that started this one, count for nothing.
 *
 * @returns a file descriptor; `null`: there is none
 * @throws {ConfigError} when more than one was handed over
 */
export function inheritedSocket(env: NodeJS.ProcessEnv, pid = process.pid): number | null {
  if (env.LISTEN_PID !== String(pid) || env.LISTEN_FDS === undefined) return null;
  if (env.LISTEN_FDS === '1') return firstSocket;
  const message = `is ${env.LISTEN_FDS}, and Hookwire listens on one socket: name one ListenStream= in its .socket unit`;
  throw new ConfigError([{ key: 'LISTEN_FDS', message }]);
}
