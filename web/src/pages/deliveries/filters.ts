import type { DeliveryFilters } from '../../api/deliveries.ts';
import { deliveryStates } from '../../ui/state-badge.tsx';

export type FilterName = keyof DeliveryFilters;

/** In the order in which they are shown. */
export const filterNames = [
  'state',
  'webhookId',
  'product',
  'reportType',
  'statusCode',
  'errorClass',
  'messageId',
  'transactionId',
  'mobileNumber',
  'from',
  'to',
] as const satisfies readonly FilterName[];

export const filterLabels: { readonly [F in FilterName]-?: string } = {
  state: 'State',
  webhookId: 'Webhook',
  product: 'Product',
  reportType: 'Report type',
  statusCode: 'Status code',
  errorClass: 'Error',
  messageId: 'Message ID',
  transactionId: 'Transaction ID',
  mobileNumber: 'Mobile Number',
  from: 'From',
  to: 'Until',
};

type Words = Readonly<Record<string, string | undefined>>;

/** The filters that a URL's search names; what cannot be one is left out. */
export function filtersOf(search: Words): DeliveryFilters {
  const found: Record<string, string | number> = {};
  for (const name of filterNames) {
    const value = search[name]?.trim();
    if (value === undefined || value === '' || !isValid(name, value)) continue;
    found[name] = name === 'statusCode' ? Number(value) : value;
  }
  return found as DeliveryFilters;
}

function isValid(name: FilterName, value: string): boolean {
  switch (name) {
    case 'state':
      return deliveryStates.some((state) => state === value);
    case 'statusCode':
      return /^[1-5][0-9]{2}$/.test(value);
    case 'product':
    case 'reportType':
    case 'errorClass':
      return /^[a-z_]+$/.test(value);
    case 'from':
    case 'to':
      return !Number.isNaN(Date.parse(value));
    default:
      return true;
  }
}

/** The search of a URL with a filter set, changed or (empty) taken away. */
export function withFilter(
  search: Words,
  changes: { readonly [F in FilterName]?: string },
): Record<string, string> {
  const all = Object.entries({ ...search, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())));
}

/** The search of a URL without any filter; what else stands in it stays. */
export function withoutFilters(search: Words): Record<string, string> {
  return withFilter(search, Object.fromEntries(filterNames.map((name) => [name, ''])));
}

export function isNarrowed(filters: DeliveryFilters): boolean {
  return Object.keys(filters).length > 0;
}

/** Whether what happens from now on can match: an end of the time range that has passed shuts it out. */
export function canBeLive({ to }: DeliveryFilters, now: number): boolean {
  return to === undefined || Date.parse(to) > now;
}

/** What the live stream is asked for: all but what changes with an attempt, so that rows in view change in place. */
export function liveQueryOf(
  filters: DeliveryFilters,
): Omit<DeliveryFilters, 'state' | 'statusCode' | 'errorClass' | 'from' | 'to'> {
  const { state: _state, statusCode: _code, errorClass: _class, from: _from, to: _to, ...lasting } = filters;
  return lasting;
}

type Judged = Pick<
  Parameters<typeof liveQueryOf>[0] & DeliveryFilters,
  'state' | 'statusCode' | 'errorClass' | 'from' | 'to'
>;

/** Whether a delivery of the live stream passes the rest of the filters. */
export function matches(
  filters: Judged,
  delivery: {
    readonly state: string;
    readonly statusCode: number | null;
    readonly errorClass: string | null;
    readonly acceptedAt: string;
  },
): boolean {
  const { state, statusCode, errorClass, from, to } = filters;
  const acceptedAt = Date.parse(delivery.acceptedAt);
  return (
    (state === undefined || delivery.state === state) &&
    (statusCode === undefined || delivery.statusCode === statusCode) &&
    (errorClass === undefined || delivery.errorClass === errorClass) &&
    (from === undefined || acceptedAt >= Date.parse(from)) &&
    (to === undefined || acceptedAt < Date.parse(to))
  );
}
