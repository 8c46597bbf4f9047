import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { DirectoryLockedError } from './directory-lock.ts';

/**
 * A second lock, on the database file itself, for a directory whose `hookwire.lock` was deleted: a name of the kernel's
 * (a Unix socket without a file) that is made of the file's device, inode and time of birth (the number of an inode is given
 * to another file as soon as the first is deleted). No deletion of a file undoes it, and it ends with the process. Other
 * systems than Linux have no such names, and containers do not share them: there `hookwire.lock` alone keeps a second one
 * out.
 *
 * @param file the database, which exists
 * @throws DirectoryLockedError while another process has it
 */
export async function lockDatabase(file: string): Promise<{ release(): void }> {
  if (process.platform !== 'linux') return { release() {} };
  const { dev, ino, birthtimeNs } = statSync(file, { bigint: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new DirectoryLockedError(dirname(file)) : error);
    });
    server.listen(`\0hookwire ${dev}:${ino}:${birthtimeNs}`, resolve);
  });
  server.unref();
  return { release: () => void server.close() };
}
