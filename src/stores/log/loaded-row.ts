/** A delivery with its event, as a lane gets it. */
export interface LoadedRow {
  readonly seq: number;
  readonly webhook: string;
  readonly attempts: number;
  readonly since_replay: number;
  readonly counted_at: number | null;
  readonly list_most: number | null;
  readonly manual: number;
  readonly due: number;
  readonly order_key: number | null;
  readonly event: number;
  readonly id: string | null;
  readonly account: string;
  readonly body: string;
  /** When the event was accepted, where its number does not say so. */
  readonly accepted_at: number | null;
}
