/** How far a zone's clocks are ahead of UTC at an instant (ms since the Unix epoch), in ms. */
export type ZoneOffset = (atMs: number) => number;

/**
 * Clocks change at 03:31 UTC in one place and at 22:01 in another, so an offset is only kept for a slot of time that
 * begins and ends with the same one; inside the others every instant is looked up (5 µs against some ns).
 */
const slotMs = 15 * 60_000;
const mostSlots = 4096;

const zones = new Map<string, ZoneOffset>();

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

/** Tells whether a zone is UTC itself under any of its names (`Etc/UTC`, `GMT`, `Zulu`). */
export function isUtc(timeZone: string): boolean {
  return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone === 'UTC';
}

/**
 * The offsets of a zone, shared by everyone who asks for it.
 * @throws RangeError for a name that {@link isTimeZone} refuses
 */
export function zoneOffset(timeZone: string): ZoneOffset {
  let offset = zones.get(timeZone);
  if (!offset) {
    offset = createZoneOffset(timeZone);
    zones.set(timeZone, offset);
  }
  return offset;
}

function createZoneOffset(timeZone: string): ZoneOffset {
  if (isUtc(timeZone)) return () => 0;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const slots = new Map<number, number | null>();
  let lastSlot = Number.NaN;
  let lastOffset = 0;

  function lookUp(atMs: number): number {
    return parseOffset(format.format(atMs));
  }

  /** The offset that holds throughout a slot, `null` if it changes inside. */
  function slotOffset(slot: number): number | null {
    let offset = slots.get(slot);
    if (offset === undefined) {
      if (slots.size >= mostSlots) slots.clear();
      const start = lookUp(slot * slotMs);
      offset = start === lookUp((slot + 1) * slotMs) ? start : null;
      slots.set(slot, offset);
    }
    return offset;
  }

  return (atMs) => {
    const slot = Math.floor(atMs / slotMs);
    if (slot === lastSlot) return lastOffset;
    const offset = slotOffset(slot);
    if (offset === null) return lookUp(atMs);
    lastSlot = slot;
    lastOffset = offset;
    return offset;
  };
}

/** Reads the end of `11/22/2026, GMT+05:30`; old local times have seconds (`GMT-00:44:30`), UTC's own is `GMT`. */
function parseOffset(text: string): number {
  const [hours = '0', minutes = '0', seconds = '0'] = text.slice(text.lastIndexOf('GMT') + 3).split(':');
  const size = Math.abs(Number(hours)) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000;
  return hours.startsWith('-') ? -size : size;
}
