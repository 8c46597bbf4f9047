import { parentPort, workerData } from 'node:worker_threads';
import { createWriteTurns } from '../thread/write-turns.ts';

/** A thread for the test of turns: takes one after the other until it is told to stop, and counts them. */
const { turns, numbers } = workerData as { turns: SharedArrayBuffer; numbers: Int32Array };
const writeTurns = createWriteTurns(turns);
const [value, taken, stop] = [0, 1, 2];
while (Atomics.load(numbers, stop) === 0) {
  writeTurns.run(() => {
    const before = Atomics.load(numbers, value);
    Atomics.wait(numbers, stop, 0, 2);
    Atomics.store(numbers, value, before + 1);
  });
  if (Atomics.add(numbers, taken, 1) === 0) parentPort?.postMessage('began');
}
