/** How much may be open and in flight by what the machine allows. */
export interface InFlightLimit {
  /** Deliveries in flight at most. */
  readonly maxInFlight: number;
  /** Connections to endpoints that may be open at once, idle ones too. */
  readonly mostConnections: number;
  /** Open files that the process would need for what was configured, where it may have fewer. */
  readonly needed: number | null;
}

/** Descriptors for everything but endpoints: some 60 of Node and the store, then whoever calls the API. */
const forTheRest = 256;

/**
 * Keeps a part of the open files that the process may have for the store and for those who call it, so that endpoints
 * that hang take neither. Of a small limit that part is half.
 *
 * @param configured deliveries in flight that the operator asks for
 * @param openFiles how many files the process may have open; `null`: any number
 */
export function inFlightLimit(configured: number, openFiles: number | null): InFlightLimit {
  if (openFiles === null)
    return { maxInFlight: configured, mostConnections: Number.POSITIVE_INFINITY, needed: null };
  const mostConnections = Math.max(1, openFiles - Math.min(forTheRest, Math.ceil(openFiles / 2)));
  const fits = configured <= mostConnections;
  return {
    maxInFlight: fits ? configured : mostConnections,
    mostConnections,
    needed: fits ? null : Math.max(configured + forTheRest, 2 * forTheRest),
  };
}
