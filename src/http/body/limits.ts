/** How much a body may be. Each is checked before anything of what comes after it: bytes, levels, values. */
export interface BodyLimits {
  readonly bytes: number;
  /** Lists and objects within one another. */
  readonly levels: number;
  /** Texts, numbers, lists, objects and so on, in all. */
  readonly values: number;
  /** Of bodies that are events; each of them is refused on its own. */
  readonly ofEvent?: EventLimits;
  /** Of bodies in which an event stands under the name `event`. */
  readonly hasEvent?: true;
}

export interface EventLimits {
  /** Names beside one another in the event itself. */
  readonly fields: number;
  readonly values: number;
  /** Within the value of one field. */
  readonly levels: number;
}

const kibibyte = 1024;
const levels = 64;

/** What each event of `POST /v1/events` may be; it has 19 fields. */
export const eventLimits: EventLimits = { fields: 100, values: 5_000, levels };

/** What people type into a form: a password, a name, a filter. */
export const typedBody: BodyLimits = { bytes: 16 * kibibyte, levels, values: 1_000 };

/** A webhook with the longest headers and parameters that there may be has 253 KiB in UTF-8. */
export const webhookBody: BodyLimits = { bytes: 256 * kibibyte, levels, values: 1_000 };

/** What may stand in an event that is tried: a message of 256 KiB, attributes of 16 KiB, and the rest. */
const triedEvent = { bytes: 384 * kibibyte, values: eventLimits.values };

/** The event to test a saved webhook with. */
export const eventTrialBody: BodyLimits = { ...triedEvent, levels: levels + 2, hasEvent: true };

/** An unsaved webhook with an event. */
export const webhookTrialBody: BodyLimits = {
  bytes: webhookBody.bytes + triedEvent.bytes,
  levels: levels + 2,
  values: webhookBody.values + triedEvent.values,
  hasEvent: true,
};

/**
 * Events, with as many bytes as the gateway takes at all. 4 MiB may hold two million values, which cost seconds; what
 * 1,000 events really have is some 50,000. At this bound the dearest bodies cost the main thread about 100 ms
 * (`test/receive/dear-input.test.ts` looks for worse).
 */
export const eventsBody: BodyLimits = {
  bytes: Number.POSITIVE_INFINITY,
  levels,
  values: 150_000,
  ofEvent: eventLimits,
};
