/** Writes an instant (ms since the Unix epoch) as the API shows it: `2026-11-22T10:15:30.000Z`. */
export function formatInstant(at: number): string {
  return new Date(at).toISOString();
}

/** {@link formatInstant} for instants that may be unknown. */
export function formatOptionalInstant(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}
