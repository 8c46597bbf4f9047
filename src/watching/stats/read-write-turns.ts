/**
 * Reads go on side by side. A write waits for the reads that were asked for before it, and those that are asked for after
 * it wait for the write.
 */
export interface ReadWriteTurns {
  read<T>(run: () => Promise<T>): Promise<T>;
  write<T>(run: () => Promise<T>): Promise<T>;
}

export function createReadWriteTurns(): ReadWriteTurns {
  let lastWrite: Promise<unknown> = Promise.resolve();
  const reads = new Set<Promise<unknown>>();

  return {
    read(run) {
      const result = lastWrite.then(run);
      const settled = result.catch(() => undefined);
      reads.add(settled);
      void settled.then(() => reads.delete(settled));
      return result;
    },
    write(run) {
      const before = Promise.all([lastWrite, ...reads]);
      const result = before.then(run);
      lastWrite = result.catch(() => undefined);
      return result;
    },
  };
}
