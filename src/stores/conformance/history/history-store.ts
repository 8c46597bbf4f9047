import type { OpenStore } from '../open-store.ts';

/** What the suite of history needs of a store. */
export type HistoryStore = Pick<OpenStore, 'history' | 'directory' | 'log' | 'close'>;
