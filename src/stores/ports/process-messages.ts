/**
 * Words between the processes that share a store, for what need not be kept: whoever is not there does not hear them.
 *
 * What one process says, another hears in the order in which it was said, once. What was said while a process could not listen it
 * has missed, and is told so. Bodies are JSON of up to 32 MB; what is said within 2 ms, up to some KB, is one message of the store's.
 */
export interface ProcessMessages {
  /**
   * Says something to one process, or to all others. Returns at once: words wait while the store cannot be reached, and are
   * dropped where they are too many, of which those who listen hear as of what they have missed.
   *
   * @param to a process's id; `null`: all others
   * @param kind what it is about; each has one listener at most
   */
  tell(to: string | null, kind: string, body: unknown): void;
  /** Hears what others say of this kind. To be called before {@link ProcessMessages.start}. */
  on(kind: string, listener: (body: unknown, from: string) => void): void;
  /** Called when something may have been missed, of all kinds: once listening has begun, and whenever it was interrupted. */
  onMissed(listener: () => void): void;
  /**
   * Resolves when it listens.
   *
   * @throws where it cannot, or does not hear what this process says itself
   */
  start(): Promise<void>;
  /** Says what still waits, as far as the store can be reached, and ends. */
  close(): Promise<void>;
}

/** Something of the configuration that was changed, by whichever process or program. */
export interface ConfigurationChange {
  readonly of: 'account' | 'sender' | 'webhook';
  readonly id: string;
}

/** Hears what any process, or a command beside them, has committed of the configuration. */
export interface ConfigurationNews {
  /** Soon after each commit, once for each thing that it changed; what changes often and is not configuration is left out. */
  onChanged(listener: (change: ConfigurationChange) => void): void;
  /** Anything may have changed unheard: all is to be read again. */
  onMissed(listener: () => void): void;
}
