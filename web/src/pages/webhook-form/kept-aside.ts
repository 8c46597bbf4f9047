import type { Catalog } from '../../api/catalog.ts';
import { choiceOf, type Draft, emptyDraft } from './draft.ts';
import { hasBatch } from './settings-draft.ts';

/**
 * What somebody has entered that the chosen product, report type and method have no use for, in words. It stays in
 * the draft and is not sent. What a new form begins with was not chosen.
 */
export function keptAside(draft: Draft, catalog: Catalog): string[] {
  const { product, reportType, method } = choiceOf(draft, catalog);
  const aside: string[] = [];
  const first = emptyDraft(catalog);
  if (draft.reportType !== reportType.id && draft.reportType !== first.reportType) {
    const other = catalog.products
      .flatMap((each) => each.reportTypes)
      .find(({ id }) => id === draft.reportType);
    aside.push(`the report type ${other?.label ?? draft.reportType}`);
  }
  if (draft.method !== method.id && draft.method !== first.method) aside.push(`the method ${draft.method}`);
  if (!product.hasNumber && draft.productUniqueId !== null) {
    const label = catalog.products.find(({ hasNumber }) => hasNumber)?.numberLabel ?? 'number';
    aside.push(`${label} ${draft.productUniqueId}`);
  }
  aside.push(...names(draft, reportType.fields, catalog));
  const { settings } = draft;
  if (settings.batch && !hasBatch({ reportType, method })) aside.push('several reports in one request');
  if (settings.statuses.length > 0 && reportType.statuses === null) {
    aside.push(`the statuses ${settings.statuses.join(', ')}`);
  }
  if (settings.moFormat !== null && reportType.id === 'mo' && settings.moFormat !== method.moFormat) {
    const format = catalog.settings.choices.moFormat.find(({ id }) => id === settings.moFormat);
    if (method.moFormat === 'flat') aside.push(`the message format "${format?.label ?? settings.moFormat}"`);
  }
  return aside;
}

/** More than this are counted instead of named. */
const mostNamed = 3;

function names(draft: Draft, fields: readonly { readonly name: string }[], catalog: Catalog): string[] {
  const known = new Map(
    catalog.products
      .flatMap((each) => each.reportTypes)
      .flatMap((type) => type.fields)
      .map(({ name, label }) => [name as string, label]),
  );
  const given = Object.entries(draft.parameterNames).filter(
    ([name, value]) => value !== '' && !fields.some((field) => field.name === name),
  );
  if (given.length > mostNamed) return [`${given.length} parameter names`];
  return given.map(([name, value]) => `${known.get(name) ?? name} "${value}"`);
}
