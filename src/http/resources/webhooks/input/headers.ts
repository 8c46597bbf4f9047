import { isMasked } from '../../../../shared/header-mask.ts';
import { headerValueProblem, isHeaderName, reservedHeader } from '../../../../shared/header-rules.ts';
import { invisibleIn } from '../../../../shared/invisible.ts';
import type { Report, WebhookDraft } from './draft.ts';

/** Custom headers are tokens with sendable values, each once in any case, and none of the connection's or gateway's. */
export function checkHeaders(draft: WebhookDraft, report: Report): void {
  const seen = new Map<string, string>();
  draft.customHeaders?.forEach((header, index) => {
    const path = `customHeaders[${index}]`;
    if (header?.name !== undefined) checkName(header.name, `${path}.name`, seen, report);
    if (header?.value !== undefined) checkValue(header.value, `${path}.value`, report);
  });
}

function checkName(name: string, path: string, seen: Map<string, string>, report: Report): void {
  const lower = name.toLowerCase();
  const reason = reservedHeader(name);
  const earlier = seen.get(lower);
  const unseen = invisibleIn(name);
  if (unseen !== null) report(path, `${unseen}.`);
  else if (!isHeaderName(name)) {
    report(
      path,
      "is not a header name: letters, digits and !#$%&'*+-.^_`|~ only, no spaces, colons or line ends.",
    );
  } else if (reason !== null) report(path, `"${name}" cannot be set: ${reason}.`);
  else if (earlier !== undefined)
    report(path, `"${name}" is the name of ${earlier} already; case does not matter.`);
  if (earlier === undefined) seen.set(lower, path);
}

function checkValue(value: string, path: string, report: Report): void {
  if (isMasked(value))
    report(
      path,
      'is a masked value, and there is no saved one to keep: give the value itself. One is kept only for the host that it was saved for.',
    );
  else {
    const problem = headerValueProblem(value);
    if (problem !== null) report(path, problem);
  }
}
