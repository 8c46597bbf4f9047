import type pg from 'pg';
import type { ProcessMessages } from '../../ports/process-messages.ts';
import { toAll, toProcess } from './channels.ts';
import type { Listening } from './listening.ts';
import { createPayloadReader, toWord } from './payloads.ts';
import { createSaying, type SayingOptions } from './saying.ts';

export interface MessagesOptions extends Pick<SayingOptions, 'mostWords' | 'mostBytes'> {
  /** This process's id: letters, digits, `-` and `_`, 40 at most. */
  readonly id: string;
  /** Not started yet, or it listens already; whoever made it closes it. */
  readonly listening: Listening;
  /** Says what is said, over one of its connections at a time. */
  readonly pool: pg.Pool;
  readonly warn: (message: string) => void;
}

/** What processes tell each other, by LISTEN and NOTIFY. */
export function createPostgresMessages(options: MessagesOptions): ProcessMessages {
  const { id, listening, warn } = options;
  const saying = createSaying({ ...options, sender: id });
  const reader = createPayloadReader(id);
  const listeners = new Map<string, (body: unknown, from: string) => void>();
  const missed: (() => void)[] = [];
  let isHeard = false;
  let foreign = 0;

  function read(payload: string): void {
    const heard = reader.read(payload);
    if (heard === 'foreign') {
      if (foreign++ === 0)
        warn('Another program, or a newer Hookwire, says something on a channel of Hookwire; it is ignored.');
      return;
    }
    if (!heard || !isHeard) return;
    if (heard.missed) miss();
    for (const [kind, body] of heard.words) attempt(() => listeners.get(kind)?.(body, heard.from));
  }

  function miss(): void {
    for (const listener of missed) attempt(listener);
  }

  /** What one listener fails with is not the others' trouble. */
  function attempt(listen: () => void): void {
    try {
      listen();
    } catch (error) {
      warn(`What another process said was not understood: ${(error as Error).stack}`);
    }
  }

  listening.hear(toAll, read);
  listening.hear(toProcess(id), read);
  return {
    tell(to, kind, body) {
      if (to !== id) saying.say(toWord(to === null ? toAll : toProcess(to), kind, body));
    },
    on: (kind, listener) => void listeners.set(kind, listener),
    onMissed: (listener) => void missed.push(listener),
    async start() {
      await listening.start();
      isHeard = true;
      listening.onBegun(() => {
        reader.interrupted();
        if (isHeard) miss();
      });
    },
    async close() {
      isHeard = false;
      await saying.close();
    },
  };
}
