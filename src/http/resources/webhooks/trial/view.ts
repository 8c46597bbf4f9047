import { errorAdvice } from '../../../../core/error-advice.ts';
import type { TrialAnswer } from '../../../../delivery/trial.ts';
import type { ViewOf } from '../../../shapes/view-of.ts';
import { type Warning, warningsOfUrl } from '../warnings.ts';
import type { trialAnswer } from './schema.ts';

/** What came of a test, its error with what to do about it. */
export function trialAnswerView(
  answer: TrialAnswer,
  warnings: readonly Warning[],
): ViewOf<typeof trialAnswer> {
  const { error } = answer;
  const urlToo = [...warnings, ...warningsOfUrl(answer.request.method, answer.request.url)];
  return { ...answer, error: error && { ...error, ...errorAdvice[error.class] }, warnings: urlToo };
}
