import { invisibleIn } from '../../core/invisible.ts';
import { dlrFields } from '../../core/products/product.ts';
import { namesInQuery } from '../../core/query-names.ts';
import { flatMoNames, sentMoNames } from '../../rendering/mo-flat.ts';
import { whatsappValueNames } from '../../rendering/mo-whatsapp.ts';
import { isXmlName } from '../../rendering/names.ts';
import { operationsNames } from '../../rendering/operations.ts';
import type { Report, WebhookDraft } from './draft.ts';
import { moFormatOf, moMessageOf } from './settings.ts';

/** The names that a request carries, in the order of sending. */
function namesInOrder(draft: WebhookDraft): { path: string; name: string }[] {
  const all: { path: string; name: string }[] = [];
  for (const field of dlrFields) {
    const name = draft.parameterNames?.[field];
    if (name !== undefined) all.push({ path: `parameterNames.${field}`, name });
  }
  draft.customParameters?.forEach((parameter, index) => {
    if (parameter?.name !== undefined) {
      all.push({ path: `customParameters[${index}].name`, name: parameter.name });
    }
  });
  return all;
}

/**
 * Names are unique, valid where they go, for `mo` and `operations` none of the report's own, and for GET none that the
 * URL's own query has: sent twice, Java, Go and Flask read the first of them, which is the URL's.
 */
export function checkParameterNames(draft: WebhookDraft, report: Report): void {
  const seen = new Map<string, string>();
  const reserved = namesOfMessage(draft);
  const inQuery = draft.method === 'GET' ? namesInQuery(draft.url ?? '') : none;
  for (const { path, name } of namesInOrder(draft)) {
    const earlier = seen.get(name);
    const unseen = invisibleIn(name);
    if (unseen !== null) report(path, `${unseen}.`);
    else if (name.trim() !== name) report(path, 'must not begin or end with a space.');
    else if (draft.method === 'XML' && !isXmlName(name))
      report(path, `"${name}" is not an XML name: ${xmlShape}.`);
    else if (earlier !== undefined) report(path, `"${name}" is the name of ${earlier} already.`);
    else if (reserved.includes(name)) report(path, `"${name}" is a name of ${subjectOf(draft)} itself.`);
    else if (inQuery.has(name))
      report(path, `"${name}" is in the query of the URL already, and would be sent twice.`);
    if (earlier === undefined) seen.set(name, path);
  }
}

/** What of an inbound message itself would be sent twice, told at the URL. */
export function checkUrlQuery(draft: WebhookDraft, report: Report): void {
  const { method, url, reportType, settings } = draft;
  if (method !== 'GET' || url === undefined || reportType !== 'mo') return;
  const inQuery = namesInQuery(url);
  const moMessage = settings?.moMessage ?? moMessageOf(method);
  const twice = sentMoNames({ moMessage }).filter((name) => inQuery.has(name));
  if (twice.length === 0) return;
  const named = twice.map((name) => `"${name}"`).join(', ');
  report(
    'url',
    `must not have ${named} in its query: the inbound message has it, and it would be sent twice.`,
  );
}

const none: ReadonlySet<string> = new Set();

const xmlShape = 'it begins with a letter or "_" and goes on with letters, digits, "-", "_" and "."';

function subjectOf({ reportType }: WebhookDraft): string {
  return reportType === 'operations' ? 'the event' : 'the inbound message';
}

function namesOfMessage(draft: WebhookDraft): readonly string[] {
  if (draft.reportType === 'operations') return operationsNames;
  if (draft.reportType !== 'mo' || draft.method === undefined) return [];
  const format = draft.method === 'JSON' ? (draft.settings?.moFormat ?? moFormatOf(draft.method)) : 'flat';
  return format === 'whatsapp' ? whatsappValueNames : flatMoNames;
}
