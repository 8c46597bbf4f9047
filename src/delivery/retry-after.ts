/** The longest wait that an endpoint may ask for. */
export const longestRetryAfterMs = 24 * 60 * 60 * 1000;

// Seconds are whole numbers by RFC 9110, 10.2.3; some servers send fractions.
const seconds = /^\d+(\.\d+)?$/;
// IMF-fixdate and RFC 850 name GMT; asctime ("Sun Nov  6 08:49:37 1994") leaves it out and means it.
const httpDate = /^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d( GMT| \d{4})$/;

/**
 * How many milliseconds after `now` a `Retry-After` header asks to wait: 0 … 24 h, `null` when it is absent or cannot
 * be read. A date is in the endpoint's clock, which the answer's own `Date` tells: where that is an hour fast, so is the
 * other. A date in the past asks for no wait.
 *
 * @param date the answer's `Date` header; without one that can be read, the two clocks are taken for the same
 */
export function retryAfterMs(header: string | null, now: number, date: string | null = null): number | null {
  if (header === null) return null;
  const text = header.trim();
  const wait = seconds.test(text) ? Math.ceil(Number(text) * 1000) : dateOf(text) - endpointNow(date, now);
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), longestRetryAfterMs);
}

function endpointNow(date: string | null, now: number): number {
  const told = date === null ? Number.NaN : dateOf(date.trim());
  return Number.isNaN(told) ? now : told;
}

function dateOf(text: string): number {
  if (!httpDate.test(text)) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
