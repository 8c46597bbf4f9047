import { sentMoNames } from '../../../../rendering/mo-flat.ts';
import { namesInQuery } from '../../../../shared/query-names.ts';
import type { Report, WebhookDraft } from './draft.ts';
import { namesInOrder } from './names.ts';
import { moMessageOf } from './settings.ts';

/** A name that the URL's own query has and the report too. */
export interface NameTwice {
  /** Where it can be changed: at the parameter, or at the URL for what an inbound message itself has. */
  readonly path: string;
  readonly name: string;
}

/** The names that the query of a webhook's URL shares with what is sent beside it, as a query (GET) or a form (POST). */
export function namesTwice(draft: WebhookDraft): NameTwice[] {
  const { method, url, reportType, settings } = draft;
  if (url === undefined || (method !== 'GET' && method !== 'POST')) return [];
  const inQuery = namesInQuery(url);
  if (inQuery.size === 0) return [];
  const moMessage = settings?.moMessage ?? moMessageOf(method);
  const own = reportType === 'mo' ? sentMoNames({ moMessage }).map((name) => ({ path: 'url', name })) : [];
  return [...own, ...namesInOrder(draft)].filter(({ name }) => inQuery.has(name));
}

/** By GET such a name would be sent twice: Java, Go and Flask read the first, which is the URL's, and PHP the last. */
export function checkQueryNames(draft: WebhookDraft, report: Report): void {
  if (draft.method !== 'GET') return;
  for (const { path, name } of namesTwice(draft)) {
    report(
      path,
      path === 'url'
        ? `must not have "${name}" in its query: the inbound message has it, and it would be sent twice.`
        : `"${name}" is in the query of the URL already, and would be sent twice.`,
    );
  }
}
