import { type InputError, mostErrors } from '../../../../core/errors.ts';
import type { WebhookConfig } from '../../../../core/webhook.ts';
import { normalNumber } from '../../../../shared/normal-number.ts';
import { createCheck } from '../../../requests/check.ts';
import { draftOf } from './draft.ts';
import { checkHeaders } from './headers.ts';
import { checkParameterNames } from './names.ts';
import { checkProduct } from './product.ts';
import { checkQueryNames } from './query-names.ts';
import { type WebhookInput, webhookInput } from './schema.ts';
import { checkSettings, completeSettings } from './settings.ts';
import { checkUrl } from './url.ts';

export type ParsedConfig = { readonly config: WebhookConfig } | { readonly errors: readonly InputError[] };

const shape = createCheck(webhookInput);

/**
 * Checks a webhook's body by every rule of the contract that needs no look-up, and fills in the defaults. All that is
 * wrong is named at once, each place by its first problem, 50 at most.
 *
 * @param refuseUrl the outbound guard: why a URL's host may not be called, `null` if it may
 */
export function parseWebhookConfig(
  input: unknown,
  refuseUrl: (url: string) => string | null = () => null,
): ParsedConfig {
  const { errors, rest } = shape.read(input);
  const draft = draftOf(rest, errors);
  const named = new Set(errors.map((error) => error.path));
  const report = (path: string, message: string) => {
    if (named.has(path) || errors.length >= mostErrors) return;
    named.add(path);
    errors.push({ path, message });
  };
  checkProduct(draft, report);
  checkUrl(draft, report, refuseUrl);
  checkParameterNames(draft, report);
  checkQueryNames(draft, report);
  checkHeaders(draft, report);
  checkSettings(draft, report);
  if (errors.length > 0) return { errors };
  // Nothing was cut out of the draft, so it is what the schema says.
  return { config: configOf(draft as WebhookInput) };
}

function configOf(input: WebhookInput): WebhookConfig {
  const { productUniqueId: number = null } = input;
  return {
    product: input.product,
    reportType: input.reportType,
    method: input.method,
    url: input.url,
    productUniqueId: number === null ? null : normalNumber(number),
    parameterNames: input.parameterNames ?? {},
    customParameters: input.customParameters ?? [],
    customHeaders: input.customHeaders ?? [],
    description: input.description ?? null,
    settings: completeSettings(input.settings ?? {}, input.method),
  };
}
