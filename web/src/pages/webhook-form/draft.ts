import type {
  Catalog,
  CatalogField,
  CatalogMethod,
  CatalogProduct,
  CatalogReportType,
} from '../../api/catalog.ts';
import type { NameAndValue, WebhookInput } from '../../api/webhook-form.ts';
import { emptySettings, type SettingsDraft, settingsDraftOf, settingsOf } from './settings-draft.ts';

type FieldName = CatalogField['name'];

/** A row of name and value, known by its `id` while rows come and go. */
export interface Row extends NameAndValue {
  readonly id: number;
}

/** Rows behind a checkbox: they stay when it is cleared, but are not sent. */
export interface Rows {
  readonly on: boolean;
  readonly rows: readonly Row[];
}

/**
 * What stands in the form. Nothing is dropped when product, report type or method change: what the new ones have no
 * use for is left out of the body ({@link inputOf}) and is back when somebody changes their mind.
 */
export interface Draft {
  readonly product: CatalogProduct['id'];
  readonly reportType: CatalogReportType['id'];
  readonly method: CatalogMethod['id'];
  /** `null`: all numbers of the account. */
  readonly productUniqueId: string | null;
  readonly url: string;
  readonly parameterNames: { readonly [F in FieldName]?: string };
  readonly customParameters: Rows;
  readonly customHeaders: Rows;
  readonly description: string;
  readonly settings: SettingsDraft;
}

/** A draft's product, report type and method as the catalog has them; where one is not on offer, the first that is. */
export interface Choice {
  readonly product: CatalogProduct;
  readonly reportType: CatalogReportType;
  readonly method: CatalogMethod;
  readonly methods: readonly CatalogMethod[];
}

export function choiceOf(draft: Pick<Draft, 'product' | 'reportType' | 'method'>, catalog: Catalog): Choice {
  const product = found(catalog.products, draft.product);
  const reportType = found(product.reportTypes, draft.reportType);
  const methods = catalog.methods.filter(({ id }) => reportType.methods.includes(id));
  return { product, reportType, method: found(methods, draft.method), methods };
}

function found<Item extends { readonly id: string }>(items: readonly Item[], id: string): Item {
  const item = items.find((each) => each.id === id) ?? items[0];
  if (!item) throw new Error('The catalog has nothing to choose from.');
  return item;
}

/** What a form for a new webhook begins with: one for messages, or for alerts. */
export function emptyDraft(catalog: Catalog, of: Draft['product'] = 'sms'): Draft {
  const { product, reportType, method } = choiceOf(
    { product: of, reportType: 'dlr', method: 'POST' },
    catalog,
  );
  return {
    product: product.id,
    reportType: reportType.id,
    method: method.id,
    productUniqueId: null,
    url: '',
    parameterNames: {},
    customParameters: noRows,
    customHeaders: noRows,
    description: '',
    settings: emptySettings(catalog),
  };
}

export const noRows: Rows = { on: false, rows: [] };

/** A saved webhook as a draft. */
export function draftOf(saved: WebhookInput, catalog: Catalog): Draft {
  return {
    product: saved.product,
    reportType: saved.reportType,
    method: saved.method,
    productUniqueId: saved.productUniqueId ?? null,
    url: saved.url,
    parameterNames: saved.parameterNames ?? {},
    customParameters: rowsOf(saved.customParameters ?? []),
    customHeaders: rowsOf(saved.customHeaders ?? []),
    description: saved.description ?? '',
    settings: settingsDraftOf(saved.settings ?? null, saved.method, catalog),
  };
}

function rowsOf(pairs: readonly NameAndValue[]): Rows {
  return { on: pairs.length > 0, rows: pairs.map(({ name, value }, id) => ({ id, name, value })) };
}

/** Rows that somebody wrote in; the others are not meant. */
export function rowsToSend({ on, rows }: Rows): readonly Row[] {
  return on ? rows.filter(({ name, value }) => name !== '' || value !== '') : [];
}

/** The body of the API: what applies of a draft, with every setting. What is wrong in the draft is wrong in it too. */
export function inputOf(draft: Draft, catalog: Catalog): WebhookInput {
  const { product, reportType, method } = choiceOf(draft, catalog);
  return {
    product: product.id,
    reportType: reportType.id,
    method: method.id,
    url: draft.url,
    productUniqueId: product.hasNumber ? draft.productUniqueId : null,
    parameterNames: namesOf(draft, reportType.fields),
    customParameters: pairsOf(draft.customParameters),
    customHeaders: pairsOf(draft.customHeaders),
    description: draft.description === '' ? null : draft.description,
    settings: settingsOf(draft.settings, { reportType, method }, catalog),
  };
}

function namesOf({ parameterNames }: Draft, fields: readonly CatalogField[]): { [F in FieldName]?: string } {
  const names: { [F in FieldName]?: string } = {};
  for (const { name } of fields) {
    const given = parameterNames[name];
    if (given !== undefined && given !== '') names[name] = given;
  }
  return names;
}

function pairsOf(rows: Rows): NameAndValue[] {
  return rowsToSend(rows).map(({ name, value }) => ({ name, value }));
}

/** An empty row at the end. */
export function withRow({ rows }: Rows): Rows {
  const id = Math.max(-1, ...rows.map((row) => row.id)) + 1;
  return { on: true, rows: [...rows, { id, name: '', value: '' }] };
}

/** The names that are still empty, filled with the catalog's examples; none is used twice. */
export function withExampleNames(draft: Draft, catalog: Catalog): Draft {
  const { reportType } = choiceOf(draft, catalog);
  const names = { ...draft.parameterNames };
  const used = new Set([...Object.values(namesOf(draft, reportType.fields)), ...namesOfRows(draft)]);
  for (const { name, example } of reportType.fields) {
    if ((names[name] ?? '') !== '') continue;
    let free = example;
    while (used.has(free)) free += '_';
    names[name] = free;
    used.add(free);
  }
  return { ...draft, parameterNames: names };
}

function namesOfRows({ customParameters }: Draft): string[] {
  return rowsToSend(customParameters).map(({ name }) => name);
}
