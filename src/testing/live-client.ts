import { type IncomingMessage, request } from 'node:http';

export interface LiveEvent {
  readonly name: string;
  readonly data: { readonly [field: string]: unknown };
}

/** A client of Server-Sent Events. */
export interface LiveClient extends AsyncDisposable {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The next event, waiting for it if need be; `null` when the stream has ended. */
  next(): Promise<LiveEvent | null>;
  /** Everything up to the end of the stream. */
  rest(): Promise<LiveEvent[]>;
  /** All that has come, comments too. */
  readonly text: string;
  /** Stops reading, and reads again. */
  pause(): void;
  resume(): void;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** Goes away. */
  leave(): void;
}

/** @param key the API key; `null` for none */
export async function openLive(url: string, key: string | null): Promise<LiveClient> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = key === null ? {} : { authorization: `Bearer ${key}` };
    request(url, { headers, agent: false }, resolve).on('error', reject).end();
  });
  const events: LiveEvent[] = [];
  const state = { text: '', parsed: 0, over: false, wake: () => {} };
  const closed = new Promise<void>((resolve) => response.socket.on('close', () => resolve()));

  response.setEncoding('utf8');
  response.on('error', () => {});
  response.on('data', (chunk: string) => {
    state.text += chunk;
    const end = state.text.lastIndexOf('\n\n') + 2;
    if (end < state.parsed) return;
    for (const frame of state.text.slice(state.parsed, end).split('\n\n')) {
      const found = /^event: (.*)\ndata: (.*)$/.exec(frame);
      if (found) events.push({ name: found[1] ?? '', data: JSON.parse(found[2] ?? '') });
    }
    state.parsed = end;
    state.wake();
  });
  response.on('close', () => {
    state.over = true;
    state.wake();
  });

  async function next(): Promise<LiveEvent | null> {
    for (;;) {
      const event = events.shift();
      if (event) return event;
      if (state.over) return null;
      await new Promise<void>((resolve) => {
        state.wake = resolve;
      });
    }
  }

  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    next,
    async rest() {
      const all: LiveEvent[] = [];
      for (let event = await next(); event; event = await next()) all.push(event);
      return all;
    },
    get text() {
      return state.text;
    },
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    closed,
    leave: () => void response.destroy(),
    async [Symbol.asyncDispose]() {
      response.destroy();
      await closed;
    },
  };
}
