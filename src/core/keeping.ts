/**
 * How long what was sent is kept, by two clocks that begin with the event's acceptance. *Payload*: bodies, texts, names,
 * whole numbers, answers of endpoints. *Log*: that there was an event, its deliveries and attempts. In days; 0: for ever.
 */
export interface KeepDays {
  readonly payloadDays: number;
  readonly logDays: number;
}

/** What an account has of its own; `null`: it has what all have. */
export interface OwnKeep {
  readonly payloadDays: number | null;
  readonly logDays: number | null;
}

export type KeepName = keyof KeepDays;

/** {@link KeepDays} in milliseconds; `null`: for ever. */
export interface KeepTimes {
  readonly payloadMs: number | null;
  readonly logMs: number | null;
}

/** For who configures none. */
export const declaredKeep: KeepDays = { payloadDays: 30, logDays: 400 };

export const noOwnKeep: OwnKeep = { payloadDays: null, logDays: null };

/** A hundred years. */
export const mostKeepDays = 36_500;

export const dayMs = 86_400_000;

/** Whether the payload were to outlive the entry of the log that it belongs to, which cannot be. */
export function isPayloadLonger({ payloadDays, logDays }: KeepDays): boolean {
  return logDays !== 0 && (payloadDays === 0 || payloadDays > logDays);
}

/** What an account was given, which may be more than can hold. */
export function keepGiven(ofAll: KeepDays, own: OwnKeep): KeepDays {
  return { payloadDays: own.payloadDays ?? ofAll.payloadDays, logDays: own.logDays ?? ofAll.logDays };
}

/** Why what an account is to be given is refused; completes the sentence that begins with the field. */
export function payloadTooLong(ofAll: KeepDays, own: OwnKeep): string {
  const { payloadDays, logDays } = keepGiven(ofAll, own);
  const payload = payloadDays === 0 ? 'for ever' : `${payloadDays} days`;
  return `would let contents (${payload}) outlive their entries in the log (${logDays} days): give "payloadDays" and "logDays", the latter not the shorter.`;
}

/** What holds for an account. Where what all have was shortened since, the payload ends with the log. */
export function keepInEffect(ofAll: KeepDays, own: OwnKeep): KeepDays {
  const days = keepGiven(ofAll, own);
  return isPayloadLonger(days) ? { ...days, payloadDays: days.logDays } : days;
}

export function keepTimes({ payloadDays, logDays }: KeepDays): KeepTimes {
  return { payloadMs: msOf(payloadDays), logMs: msOf(logDays) };
}

/** Until when what belongs to an event is kept, ms since the Unix epoch; `null`: for ever. */
export interface KeptUntil {
  readonly payload: number | null;
  readonly log: number | null;
}

export function keptUntil(acceptedAt: number, { payloadMs, logMs }: KeepTimes): KeptUntil {
  return {
    payload: payloadMs === null ? null : acceptedAt + payloadMs,
    log: logMs === null ? null : acceptedAt + logMs,
  };
}

function msOf(days: number): number | null {
  return days === 0 ? null : days * dayMs;
}
