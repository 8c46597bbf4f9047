/** The answer to a call that made something, under the `Idempotency-Key` that came with it. */
export interface KeptAnswer {
  /** The account whose call it was; `''`: an operator's. */
  readonly scope: string;
  readonly key: string;
  /** Of method, path, query and body: another call under the same key is told from a repeat by it. */
  readonly fingerprint: string;
  readonly status: number;
  /** The `location` header. */
  readonly location: string | null;
  /** The body; `null`: it is not kept, because it holds what is shown once. */
  readonly body: string | null;
  readonly at: number;
}

/** How long an answer is kept (ms), and how many of an account and of operators, the latest of them. */
export const keptForMs = 24 * 3_600_000;
export const mostKept = { ofAccount: 1_000, ofOperators: 10_000 } as const;

/** Answers under the keys of their calls. */
export interface KeptAnswers {
  /** `null`: there is none since that instant. */
  find(scope: string, key: string, since: number): Promise<KeptAnswer | null>;
  /** Keeps an answer by itself. What creates something keeps it in the same transaction. */
  keep(answer: KeptAnswer): Promise<void>;
  /** Forgets what is as old as this instant, or older. */
  forget(until: number): Promise<void>;
}
