import type { ProcessMessages } from '../../stores/ports/process-messages.ts';

/** Processes that talk with each other within one test, as over a store: what they say is JSON, and arrives later, in its order. */
export interface MessagesHub {
  /** The messages of a process of this id. */
  connect(id: string): ProcessMessages;
  /** Loses what this names, from now on. */
  lose(isLost: (kind: string, body: never, from: string, to: string) => boolean): void;
  /** What a process says or would hear is lost until it hears again, when it is told that it missed something. */
  cut(id: string): void;
  mend(id: string): void;
  /** All that was said, in its order: `kind from>to`. */
  readonly said: readonly string[];
}

interface Ear {
  readonly listeners: Map<string, (body: unknown, from: string) => void>;
  readonly onMissed: (() => void)[];
  isCut: boolean;
}

export function createMessagesHub(): MessagesHub {
  const ears = new Map<string, Ear>();
  const said: string[] = [];
  let isLost: Parameters<MessagesHub['lose']>[0] = () => false;

  function say(from: string, to: string, kind: string, text: string): void {
    const ear = ears.get(to);
    if (!ear || ear.isCut || ears.get(from)?.isCut) return;
    if (isLost(kind, JSON.parse(text) as never, from, to)) return;
    setImmediate(() => {
      if (!ear.isCut) ear.listeners.get(kind)?.(JSON.parse(text), from);
    });
  }

  return {
    connect(id) {
      const ear: Ear = { listeners: new Map(), onMissed: [], isCut: false };
      ears.set(id, ear);
      return {
        tell(to, kind, body) {
          said.push(`${kind} ${id}>${to ?? '*'}`);
          const text = JSON.stringify(body ?? null);
          for (const other of to === null ? ears.keys() : [to]) if (other !== id) say(id, other, kind, text);
        },
        on(kind, listener) {
          if (ear.listeners.has(kind)) throw new Error(`Two listen to "${kind}".`);
          ear.listeners.set(kind, listener);
        },
        onMissed: (listener) => void ear.onMissed.push(listener),
        async start() {
          for (const listener of ear.onMissed) listener();
        },
        async close() {
          ears.delete(id);
        },
      };
    },
    lose(which) {
      isLost = which;
    },
    cut(id) {
      const ear = ears.get(id);
      if (ear) ear.isCut = true;
    },
    mend(id) {
      const ear = ears.get(id);
      if (!ear) return;
      ear.isCut = false;
      for (const listener of ear.onMissed) listener();
    },
    said,
  };
}
