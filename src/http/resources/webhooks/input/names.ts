import { dlrFields } from '../../../../core/products/product.ts';
import { flatMoNames } from '../../../../rendering/mo-flat.ts';
import { whatsappValueNames } from '../../../../rendering/mo-whatsapp.ts';
import { operationsNames } from '../../../../rendering/operations.ts';
import { invisibleIn } from '../../../../shared/invisible.ts';
import { isXmlName } from '../../../../shared/xml-name.ts';
import type { Report, WebhookDraft } from './draft.ts';
import { moFormatOf } from './settings.ts';

/** The names that a request carries, in the order of sending. */
export function namesInOrder(draft: WebhookDraft): { path: string; name: string }[] {
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

/** Names are unique, valid where they go, and for `mo` and `operations` none of the report's own. */
export function checkParameterNames(draft: WebhookDraft, report: Report): void {
  const seen = new Map<string, string>();
  const reserved = namesOfMessage(draft);
  for (const { path, name } of namesInOrder(draft)) {
    const earlier = seen.get(name);
    const unseen = invisibleIn(name);
    if (unseen !== null) report(path, `${unseen}.`);
    else if (name.trim() !== name) report(path, 'must not begin or end with a space.');
    else if (draft.method === 'XML' && !isXmlName(name))
      report(path, `"${name}" is not an XML name: ${xmlShape}.`);
    else if (earlier !== undefined) report(path, `"${name}" is the name of ${earlier} already.`);
    else if (reserved.includes(name)) report(path, `"${name}" is a name of ${subjectOf(draft)} itself.`);
    if (earlier === undefined) seen.set(name, path);
  }
}

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
