const keptAtStart = 4;
const keptAtEnd = 2;
const shortestWithStart = 8;

/**
 * Hides a phone number or user id, keeping its length: `9198XXXXXX78`. Of a text shorter than eight characters only
 * the last two stay, of one shorter than four nothing.
 */
export function maskNumber(text: string): string {
  const start = text.length >= shortestWithStart ? keptAtStart + (text.startsWith('+') ? 1 : 0) : 0;
  const end = text.length >= keptAtStart ? keptAtEnd : 0;
  return text.slice(0, start) + 'X'.repeat(text.length - start - end) + text.slice(text.length - end);
}

/**
 * A URL or path that may be logged: without its query (reports travel there in GET webhooks), its fragment and its
 * user information. Text that is no URL comes back cut in the same places.
 */
export function maskUrl(url: string): string {
  const cut = url.search(/[?#]/);
  const bare = cut === -1 ? url : `${url.slice(0, cut)}?…`;
  return bare.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1…@');
}
