import type { TrustedTime } from '../../core/trusted-clock.ts';

/** Keeps how late it was, so that a clock that is ahead at the next start is told by it. */
export interface TrustedTimeStore {
  /** `null`: it was never written down. */
  load(): Promise<TrustedTime | null>;
  save(time: TrustedTime): Promise<void>;
}
