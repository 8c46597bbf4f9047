import type { SigningSecret, Webhook } from '../../../core/webhook.ts';
import { publicKeyOf } from '../../../rendering/signing-secret.ts';
import { formatInstant, formatOptionalInstant } from '../../shapes/instants.ts';
import type { ViewOf } from '../../shapes/view-of.ts';
import { maskHeaders } from './header-mask.ts';
import type { signingSecrets, webhook } from './schema.ts';
import type { Warning } from './warnings.ts';

/** A webhook as the API shows it: header values masked. */
export function webhookView(saved: Webhook, warnings: readonly Warning[]): ViewOf<typeof webhook> {
  const { id, accountId, status, disabledReason, version } = saved;
  const { product, reportType, method, url, productUniqueId } = saved;
  const { parameterNames, customParameters, customHeaders, description, settings } = saved;
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
    failingSince: formatOptionalInstant(saved.failingSince),
    version,
    createdAt: formatInstant(saved.createdAt),
    updatedAt: formatInstant(saved.updatedAt),
    warnings,
  };
}

/** @param secrets newest first */
export function secretsView([current, ...previous]: readonly SigningSecret[]): ViewOf<typeof signingSecrets> {
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
