import { urlProblem } from '../../../../shared/url-problem.ts';
import type { Report, WebhookDraft } from './draft.ts';

/** @param refuseUrl the outbound guard: why the URL's host may not be called */
export function checkUrl(
  draft: WebhookDraft,
  report: Report,
  refuseUrl: (url: string) => string | null,
): void {
  if (draft.url === undefined) return;
  const problem = urlProblem(draft.url) ?? refuseUrl(draft.url);
  if (problem !== null) report('url', problem);
}
