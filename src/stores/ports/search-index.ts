/** What a search finds an event by. */
export type SearchedBy = 'mobileNumber' | 'messageId' | 'transactionId';

/** What is taken out of the index that finds events again. What has become old goes by itself, with the events. */
export interface SearchIndex {
  /**
   * These events are not found by this value any more, whether they are there or not. Resolves when the database has the term that
   * they were found by no more; the write-ahead log may, until it is truncated.
   *
   * @param value as it was given; numbers in any spelling
   * @param events sequence numbers; `null`: all events that are found by it
   */
  forget(by: SearchedBy, value: string, events: readonly number[] | null): Promise<void>;
}
