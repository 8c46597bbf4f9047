import { type MessagePort, Worker } from 'node:worker_threads';
import { connectThread, type Thread, type ThreadOptions } from '../../../core/threads/thread.ts';
import { messageToError } from '../../../core/threads/thread-error.ts';
import { type AskedCommits, createAskedCommits, createAskedMemory } from './asked-commits.ts';
import type { Opened, WriterCalls, WriterNews } from './protocol.ts';

/** The main thread's end of the writer thread, which answers in order. */
export interface WriterThread extends Thread<WriterCalls>, Opened {
  /** Of those that were asked for with {@link Thread.ask}, as {@link AskedCommits.count}. */
  readonly commitsAsked: number;
  /** Hears when the disk refused attempts that couriers recorded. */
  onRefused(listen: (error: Error) => void): void;
}

export interface StartWriterOptions extends ThreadOptions {
  /** Shared with the desk of the same process; see `thread/write-turns.ts`. */
  readonly turns?: SharedArrayBuffer | null;
  /** The writer's ends of the couriers' ports; they go to the thread. */
  readonly couriers?: readonly MessagePort[];
}

/**
 * Opens the store in a thread.
 * @throws ThreadError with code `data_directory_locked` when another gateway has it
 */
export function startWriterThread(
  dataDir: string,
  { turns = null, couriers = [], ...options }: StartWriterOptions = {},
): Promise<WriterThread> {
  const file = import.meta.url.endsWith('.ts') ? './writer-worker.ts' : './writer-worker.js';
  const url = new URL(file, import.meta.url);
  const asked = createAskedMemory();
  const workerData = { dataDir, turns, couriers, asked };
  const worker = new Worker(url, { workerData, transferList: [...couriers], name: 'writer' });
  return connectWriterThread(worker, options, createAskedCommits(asked));
}

/** The main thread's end of a writer thread that was just started; resolves when the store is open. */
export async function connectWriterThread(
  worker: Worker,
  options: ThreadOptions = {},
  asked: AskedCommits = createAskedCommits(createAskedMemory()),
): Promise<WriterThread> {
  let onRefused: (error: Error) => void = () => {};
  const thread = connectThread<WriterCalls, WriterNews>(worker, {
    ...options,
    name: 'writer',
    answersInOrder: true,
    handlers: { attemptsRefused: (failure) => onRefused(messageToError(failure)) },
  });
  try {
    const opened = await thread.ask('open');
    return {
      ...thread,
      ...opened,
      get commitsAsked() {
        return asked.count;
      },
      ask(call, ...args) {
        if (call === 'commit') asked.add();
        return thread.ask(call, ...args);
      },
      onRefused(listen) {
        onRefused = listen;
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}
