import type { DatabaseSync } from 'node:sqlite';

/** As much as a small commit writes, so that a disk with a page left does not pass for well. */
const bytes = 128 * 1024;

/** Writes something and takes it away again, each in a transaction of its own. @throws what a commit would */
export function createProbe(db: DatabaseSync): () => void {
  const write = db.prepare(
    `INSERT OR REPLACE INTO write_probe (id, filler) VALUES (1, randomblob(${bytes}))`,
  );
  const clear = db.prepare('DELETE FROM write_probe');
  return () => {
    write.run();
    clear.run();
  };
}
