import type { AuditChange } from '../../api/audit.ts';

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
};

const roots: Readonly<Record<string, string>> = {
  parameterNames: 'Parameter',
  customParameters: 'Custom parameter',
  customHeaders: 'Custom header',
  settings: 'Setting',
  limits: 'Limit',
};

export interface ChangeInWords {
  readonly field: string;
  /** `null`: there was nothing. */
  readonly from: string | null;
  readonly to: string | null;
}

/** A change as the log shows it: what it is called in the forms, and its values as text. */
export function changeInWords({ field, from, to }: AuditChange): ChangeInWords {
  return { field: fieldInWords(field), from: textOf(from), to: textOf(to) };
}

/** `customHeaders.X-Api-Key` → "Custom header X-Api-Key". */
export function fieldInWords(path: string): string {
  const [root = '', ...rest] = path.split('.');
  const name = roots[root];
  return name !== undefined && rest.length > 0 ? `${name} ${rest.join('.')}` : (fields[path] ?? path);
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(String).join(', ');
  return JSON.stringify(value);
}
