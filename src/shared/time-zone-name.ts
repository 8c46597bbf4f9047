/** Tells whether a name is an IANA time zone that this runtime knows (`Asia/Kolkata`); bare offsets are not. */
export function isTimeZone(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
