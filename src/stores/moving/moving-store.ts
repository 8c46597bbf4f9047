import type { LogBatch } from './log-batch.ts';
import type { MovedRow, MovedTable } from './tables.ts';

/** Where a walk through a table goes on: the key of the last row, as the store that is read has it. */
export type RowKey = readonly (string | number)[];

/** Rows in the order of the store's own key. */
export interface TablePage {
  readonly rows: readonly MovedRow[];
  /** `null`: there are no more. */
  readonly next: RowKey | null;
}

/** What finds events again whose contents are gone, where a store keeps it apart from them. */
export interface LooseTerm {
  readonly account: string;
  readonly event: number;
  /** Of its number. */
  readonly number: number | null;
  /** The hash of its identity. */
  readonly identity: number | null;
}

export interface LooseTerms {
  readonly terms: readonly LooseTerm[];
  readonly next: RowKey | null;
}

/** A store as it is read by a move. */
export interface MovingSource {
  /** For people, without a password. */
  readonly label: string;
  /** Tells it from others: what was begun from one store is not ended from another. */
  readonly identity: string;
  /** How many rows there are, by table, for progress; the log's tables too. */
  counts(): Promise<ReadonlyMap<string, number>>;
  table(table: MovedTable, after: RowKey | null): Promise<TablePage>;
  /** The next events behind a number; `null`: there are none. */
  log(after: number): Promise<LogBatch | null>;
  /** Called behind the log. */
  looseTerms(after: RowKey | null): Promise<LooseTerms>;
  /** The days that events or deliveries have numbers of, ms at midnight (UTC). */
  days(): Promise<readonly number[]>;
}

/** How far a move has come: a step of it, and what that has done. */
export interface Place {
  readonly step: number;
  readonly after: RowKey | null;
}

/** A store as it is written by a move. What is written and how far that is are on disk together. */
export interface MovingTarget extends MovingSource {
  /** `null`: nothing was begun. */
  place(): Promise<Place | null>;
  /** Makes room for these days. */
  prepare(days: readonly number[]): Promise<void>;
  putRows(table: MovedTable, rows: readonly MovedRow[], isFirst: boolean, place: Place): Promise<void>;
  putLog(batch: LogBatch, place: Place): Promise<void>;
  putTerms(terms: readonly LooseTerm[], place: Place): Promise<void>;
  /** All is there: what is left to do before a gateway uses it. */
  complete(): Promise<void>;
}

/** A store that everything is moved from. */
export interface ReadableStore extends MovingSource {
  /** What numbers are hashed with there; `null`: none has been yet. */
  readonly numberKey: Uint8Array | null;
  /** Says again that gateways are to stay away, for some time from now on. */
  keepAway(): Promise<void>;
  /** Everything is at the other store: no gateway is to be at work on this one any more. */
  handedOver(other: string): Promise<void>;
  close(): Promise<void>;
}

/** A store that everything is moved to. */
export interface WritableStore extends MovingTarget {
  close(): Promise<void>;
}
