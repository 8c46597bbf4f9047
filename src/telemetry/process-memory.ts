/** Bytes of the process. */
export interface ProcessMemory {
  readonly rss: number;
  readonly heapUsed: number;
  /** Buffers and other memory outside of the heap. */
  readonly external: number;
}

let last: ProcessMemory = { rss: 0, heapUsed: 0, external: 0 };

/**
 * What the process holds. Linux tells it in a file: while none can be opened, which is when somebody looks, these are the
 * figures of before.
 */
export function processMemory(): ProcessMemory {
  try {
    const { rss, heapUsed, external } = process.memoryUsage();
    last = { rss, heapUsed, external };
  } catch {
    // Told as a shortage of files.
  }
  return last;
}
