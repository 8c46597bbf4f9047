/** Octets of a name and of one label, without the dot at the end (RFC 1035, 2.3.4). */
const longestName = 253;
const longestLabel = 63;

/**
 * Why nothing can have this name in DNS, as the end of a sentence ("it has …"); `null` when something may. Underscores pass, since hosts
 * with them exist (RFC 2181, 11), and so does one dot at the end.
 *
 * @param hostname of ASCII, as `URL.hostname` has it; an IPv4 address passes
 */
export function hostNameFault(hostname: string): string | null {
  const name = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  if (name === '') return 'nothing stands in it';
  if (name.startsWith('.')) return 'it begins with a dot';
  if (name.endsWith('.')) return 'it ends with more than one dot';
  if (name.length > longestName) return `it has more than ${longestName} characters`;
  for (const label of name.split('.')) {
    if (label === '') return 'two dots stand side by side';
    if (label.length > longestLabel) return `a part of it has more than ${longestLabel} characters`;
    if (label.startsWith('-') || label.endsWith('-')) return 'a part of it begins or ends with a hyphen';
    const [stranger] = /[^a-z0-9_-]/iu.exec(label) ?? [];
    if (stranger !== undefined) return `${JSON.stringify(stranger)} stands in it`;
  }
  return null;
}
