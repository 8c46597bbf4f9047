/**
 * Stands in for a service manager: opens a socket, starts the gateway on it as often as told, one process after another,
 * and never takes a connection itself, since its own loop does not turn meanwhile. Prints the port, then `pid <pid>` before
 * each start.
 *
 *   node test/stopping/hand-over-socket.ts <starts>
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';

const socket = createServer();
await once(socket.listen(0, '127.0.0.1'), 'listening');
writeSync(1, `port ${(socket.address() as AddressInfo).port}\n`);
// spawnSync takes descriptors by number only.
const descriptor = Reflect.get(Reflect.get(socket, '_handle'), 'fd') as number;
const entry = join(import.meta.dirname, '../../bin/hookwire.js');
for (let start = 0; start < Number(process.argv[2]); start++) {
  const { status } = spawnSync(
    'sh',
    ['-c', 'echo "pid $$"; LISTEN_PID=$$ exec "$0" "$1" serve', process.execPath, entry],
    {
      stdio: ['ignore', 'inherit', 'inherit', descriptor],
      env: { ...process.env, LISTEN_FDS: '1' },
    },
  );
  writeSync(1, `ended ${status}\n`);
}
socket.close();
