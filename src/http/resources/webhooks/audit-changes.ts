import { isDeepStrictEqual } from 'node:util';
import type { NameAndValue, WebhookConfig } from '../../../core/webhook.ts';
import type { AuditChange } from '../../../stores/ports/audit.ts';
import { maskUrl } from '../../../telemetry/mask.ts';
import { fieldChanges, hidden } from '../../auditing/changes.ts';

const plainFields = ['product', 'reportType', 'method', 'productUniqueId', 'description'] as const;

/**
 * What differs between two versions of a webhook's configuration. Headers and custom parameters are named, their values
 * are not shown; of the URL, neither query nor user.
 */
export function webhookChanges(before: WebhookConfig, after: WebhookConfig): AuditChange[] {
  const changes: AuditChange[] = plainFields
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, from: before[field], to: after[field] }));
  if (before.url !== after.url) {
    changes.push({ field: 'url', from: maskUrl(before.url), to: maskUrl(after.url) });
  }
  return [
    ...changes,
    ...fieldChanges('parameterNames', before.parameterNames, after.parameterNames),
    ...hiddenChanges('customParameters', before.customParameters, after.customParameters, (name) => name),
    ...hiddenChanges('customHeaders', before.customHeaders, after.customHeaders, (name) =>
      name.toLowerCase(),
    ),
    ...fieldChanges('settings', before.settings, after.settings),
  ];
}

/** @param keyOf what makes two names the same */
function hiddenChanges(
  path: string,
  before: readonly NameAndValue[],
  after: readonly NameAndValue[],
  keyOf: (name: string) => string,
): AuditChange[] {
  const valuesOf = (list: readonly NameAndValue[], key: string): string[] =>
    list.filter(({ name }) => keyOf(name) === key).map(({ value }) => value);
  const names = new Map([...before, ...after].map(({ name }) => [keyOf(name), name]));
  return [...names].flatMap(([key, name]) => {
    const [from, to] = [valuesOf(before, key), valuesOf(after, key)];
    if (isDeepStrictEqual(from, to)) return [];
    return [
      {
        field: `${path}.${name}`,
        from: from.length > 0 ? hidden : null,
        to: to.length > 0 ? hidden : null,
      },
    ];
  });
}
