import { errorAdvice } from '../../core/error-advice.ts';
import type { TrialAnswer } from '../../delivery/trial.ts';

/** What came of a test, its error with what to do about it. */
export function trialAnswerView(answer: TrialAnswer) {
  const { error } = answer;
  return { ...answer, error: error && { ...error, ...errorAdvice[error.class] } };
}
