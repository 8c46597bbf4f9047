import { products } from '../../../../core/products/index.ts';
import { dlrFields, type Product, type ReportType } from '../../../../core/products/product.ts';
import { statusKey } from '../../../../core/status.ts';
import { type SendMethod, sendMethods } from '../../../../core/webhook.ts';
import { normalNumber } from '../../../../shared/normal-number.ts';
import type { Report, WebhookDraft } from './draft.ts';

/** What depends on the product: its report types, its identity, the names that it needs and takes. */
export function checkProduct(draft: WebhookDraft, report: Report): void {
  if (draft.product === undefined) return;
  const product = products[draft.product];
  checkIdentity(product, draft, report);
  if (draft.reportType === undefined) return;
  if (!product.reportTypes.includes(draft.reportType)) {
    const has = product.reportTypes.map((type) => `"${type}"`).join(' and ');
    report('reportType', `${product.label} has no "${draft.reportType}" reports; it has ${has}.`);
    return;
  }
  checkNames(product, draft.reportType, draft, report);
  if (product.kind === 'operations') checkOperations(product, draft, report);
}

/** The gateway's own events have one form. */
export function methodsOf(product: Product): readonly SendMethod[] {
  return product.kind === 'operations' ? ['JSON'] : sendMethods;
}

/** Operational events are JSON, and their types are known. */
function checkOperations(product: Product, draft: WebhookDraft, report: Report): void {
  if (draft.method !== undefined && !methodsOf(product).includes(draft.method))
    report('method', 'must be JSON: operational events have no other form.');
  draft.settings?.statuses?.forEach((status, index) => {
    if (status !== undefined && !product.statuses.includes(statusKey(status))) {
      const known = product.statuses.map((type) => `"${type}"`).join(', ');
      report(`settings.statuses[${index}]`, `is no operational event; there are ${known}.`);
    }
  });
}

function checkIdentity(product: Product, draft: WebhookDraft, report: Report): void {
  const number = draft.productUniqueId;
  if (number === undefined || number === null) return;
  if (!product.identity) report('productUniqueId', `${product.label} has none: leave it out.`);
  else if (!product.identity.pattern.test(normalNumber(number)))
    report('productUniqueId', `must be ${product.identity.shape}.`);
}

function checkNames(product: Product, type: ReportType, draft: WebhookDraft, report: Report): void {
  const names = draft.parameterNames ?? {};
  for (const field of dlrFields) {
    const path = `parameterNames.${field}`;
    const known = product.fields.find((each) => each.field === field);
    if (names[field] === undefined) continue;
    if (type !== 'dlr') report(path, `"${type}" takes no parameter names.`);
    else if (!known) report(path, `${product.label} does not have it.`);
  }
  if (type === 'mo' && draft.settings?.statuses)
    report('settings.statuses', 'is for "dlr" only: an inbound message has no status.');
  if (type !== 'dlr') return;
  for (const { field, required, label } of product.fields) {
    if (required && names[field] === undefined) report(`parameterNames.${field}`, `${label} is required.`);
  }
}
