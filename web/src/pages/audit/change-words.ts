import type { AuditChange } from '../../api/audit.ts';
import { fieldHeading, fieldWords } from '../../ui/field-words.ts';
import { keptFor } from '../../ui/kept/kept-words.ts';
import { productNames, reportTypeNames } from '../../ui/webhook-words.ts';

const fields: Readonly<Record<string, string>> = {
  url: 'Webhook (URL Endpoint)',
  method: 'Webhook Server Send Method',
  product: 'Product',
  reportType: 'Webhook Report Type',
  productUniqueId: 'Waba Number',
  description: 'Description',
  status: 'Status',
  secret: 'Signing secret',
  name: 'Name',
  role: 'Role',
  scopes: 'Scopes',
  states: 'States',
  from: 'From',
  to: 'Until',
  password: 'Password',
  'keep.payloadDays': 'Contents kept for',
  'keep.logDays': 'Deliveries and events kept for',
};

/** Whose names are the webhook's own, not the API's. */
const roots: Readonly<Record<string, string>> = {
  customParameters: 'Custom parameter',
  customHeaders: 'Custom header',
};

export interface ChangeInWords {
  readonly field: string;
  /** `null`: there was nothing. */
  readonly from: string | null;
  readonly to: string | null;
}

/** A change as the log shows it: what it is called in the forms, and its values as text. */
export function changeInWords({ field, from, to }: AuditChange): ChangeInWords {
  return { field: fieldInWords(field), from: textOf(from, field), to: textOf(to, field) };
}

/** `customHeaders.X-Api-Key` → "Custom header X-Api-Key", `settings.timeoutMs` → "Timeout". */
export function fieldInWords(path: string): string {
  const [root = '', ...rest] = path.split('.');
  const name = roots[root];
  if (name !== undefined && rest.length > 0) return `${name} ${rest.join('.')}`;
  if (root === 'limits' && rest.length > 0) return `Limit: ${fieldWords(path)}`;
  return fields[path] ?? fieldHeading(path);
}

const values: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  product: productNames,
  reportType: reportTypeNames,
};

function textOf(value: unknown, field: string): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return values[field]?.[value] ?? value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' && field.startsWith('keep.'))
    return keptFor(value).replace(/^for (?=\d)/, '');
  if (typeof value === 'number')
    return field.endsWith('Ms') ? `${value.toLocaleString('en')} ms` : String(value);
  if (Array.isArray(value)) return value.map(String).join(', ');
  const parts = Object.entries(value as object).map(([name, part]) => [name, textOf(part, name)] as const);
  return parts.flatMap(([name, text]) => (text === null ? [] : [`${fieldWords(name)} ${text}`])).join(', ');
}
