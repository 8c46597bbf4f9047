import type { SigningSecret, Webhook } from '../../../core/webhook.ts';
import { publicKeyOf } from '../../../rendering/signing-secret.ts';
import { formatInstant, formatOptionalInstant } from '../../shapes/instants.ts';
import { maskHeaders } from './header-mask.ts';
import type { Warning } from './warnings.ts';

/** A webhook as the API shows it: header values masked. */
export function webhookView(webhook: Webhook, warnings: readonly Warning[]) {
  const { id, accountId, status, disabledReason, version } = webhook;
  const { product, reportType, method, url, productUniqueId } = webhook;
  const { parameterNames, customParameters, customHeaders, description, settings } = webhook;
  return {
    id,
    accountId,
    product,
    reportType,
    method,
    url,
    productUniqueId,
    parameterNames,
    customParameters,
    customHeaders: maskHeaders(customHeaders),
    description,
    settings,
    status,
    disabledReason,
    failingSince: formatOptionalInstant(webhook.failingSince),
    version,
    createdAt: formatInstant(webhook.createdAt),
    updatedAt: formatInstant(webhook.updatedAt),
    warnings,
  };
}

/** @param secrets newest first */
export function secretsView([current, ...previous]: readonly SigningSecret[]) {
  return {
    secret: current?.secret ?? '',
    publicKey: current ? publicKeyOf(current.secret) : null,
    previous: previous.map(({ secret, expiresAt }) => ({
      secret,
      publicKey: publicKeyOf(secret),
      expiresAt: formatOptionalInstant(expiresAt),
    })),
  };
}
