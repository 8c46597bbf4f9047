import { apiError, callHeaders } from './client.ts';
import type { Delivery, DeliveryFilters } from './deliveries.ts';
import { createEventReader, type ServerEvent } from './event-source.ts';
import { ApiError, type Problem, problemOf } from './problem.ts';

/**
 * ```text
 * connecting ──▸ open ──▸ waiting (the stream ended; tries again) ──▸ connecting
 *      └──────────────────▸ waiting, or stopped (the gateway says that trying again cannot help)
 * ```
 */
export type LiveState = 'connecting' | 'open' | 'waiting' | 'stopped';

export interface LiveListener {
  /** `problem`: why it waits or has stopped, where the gateway said it. */
  onState(state: LiveState, problem: Problem | null): void;
  onDelivery(delivery: Delivery): void;
  /** The gateway sent more than this client took; so many are missing. */
  onGap(count: number): void;
}

export interface LiveOptions {
  /** Yields 0 … 1; for pauses that differ between clients. */
  readonly random?: () => number;
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
/** The gateway sends a comment every 15 s; what is silent for longer is gone. */
const silentMs = 45_000;

/** How long to wait before the `tries`th attempt to connect again (from 1). */
export function pauseMs(tries: number, random: () => number): number {
  const step = Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs);
  return Math.round(step * (0.5 + random() / 2));
}

/**
 * Watches deliveries as they happen, over `fetch` (an `EventSource` cannot send headers), until the function that it
 * answers is called. After each `open`, ask the list for what happened while nobody listened.
 */
export function watchDeliveries(
  filters: DeliveryFilters & { readonly accountId: string },
  listener: LiveListener,
  { random = Math.random }: LiveOptions = {},
): () => void {
  const over = new AbortController();
  let tries = 0;
  let wake: ReturnType<typeof setTimeout> | undefined;

  function onEvent({ name, data }: ServerEvent): void {
    if (name === 'delivery') listener.onDelivery(JSON.parse(data));
    if (name === 'skipped') listener.onGap(JSON.parse(data).count);
  }

  async function listen(): Promise<void> {
    listener.onState('connecting', null);
    const attempt = new AbortController();
    const signal = AbortSignal.any([over.signal, attempt.signal]);
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => attempt.abort(), silentMs);
    };
    try {
      heard();
      const response = await fetch(`/v1/live?${searchOf(filters)}`, {
        headers: { ...callHeaders(), accept: 'text/event-stream' },
        signal,
      });
      if (!response.ok || !response.body) throw await apiError(response);
      tries = 0;
      listener.onState('open', null);
      const read = createEventReader(onEvent);
      for await (const text of chunks(response.body)) {
        heard();
        read(text);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async function go(): Promise<void> {
    let problem: Problem | null = null;
    let asked = 0;
    try {
      await listen();
    } catch (error) {
      if (error instanceof ApiError) {
        problem = problemOf(error);
        asked = (error.retryAfter ?? 0) * 1_000;
      }
    }
    if (over.signal.aborted) return;
    if (problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
      listener.onState('stopped', problem);
      return;
    }
    tries++;
    listener.onState('waiting', problem);
    wake = setTimeout(go, Math.max(pauseMs(tries, random), asked));
  }

  void go();
  return () => {
    clearTimeout(wake);
    over.abort();
  };
}

async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function searchOf(filters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}
