/** One step of the schema. A step that was released is never edited: what changes later is a further step. */
export interface Migration {
  /** Rises by one from step to step; also the start of the file's name. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}
