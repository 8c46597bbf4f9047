/**
 * One step of the schema. A step that was released is never edited: what changes later is a further step.
 *
 * Gateways of the release before go on beside it for as long as their replacement takes, so a step only adds: tables, columns that may be
 * null or have a constant for a default, indexes, triggers that old rows and old statements satisfy. What is not used any more goes a
 * release after the one that has stopped using it; what changes its meaning or its type gets a new name.
 */
export interface Migration {
  /** Rises by one from step to step; also the start of the file's name. */
  readonly number: number;
  readonly name: string;
  /**
   * In one transaction, which keeps what it has locked until its end: nothing here may take long for as many rows as there may be, such
   * as a column whose default is no constant, a check of all rows, or an index (`index`). What it alters is locked first, in an order in
   * which the traffic gets out of its way (`lock-in-order.ts`).
   */
  readonly sql: string;
  /** Built before `sql`, while the table is written. */
  readonly index?: NewIndex;
}

/** An index of a table that may be large and is written all the time. */
export interface NewIndex {
  readonly name: string;
  readonly table: string;
  /** What follows the table's name: `(account, seq) where state = 1`. */
  readonly of: string;
}
