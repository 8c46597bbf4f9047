/** One page of a list, as the reader is asked for it. @typeParam Place what a row is found again by */
export interface PageQuestion<Filter, Place = number> {
  readonly filter: Filter;
  readonly limit: number;
  /** Only what comes behind this place, where the page before ended; `null`: from the beginning. */
  readonly behind: Place | null;
}

export interface PageAnswer<Item, Place = number> {
  readonly data: readonly Item[];
  /** Where the next page goes on; `null` at the end. */
  readonly next: Place | null;
}
