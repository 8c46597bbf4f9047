import type { Catalog, CatalogSample } from '../../../api/catalog.ts';
import type { Webhook } from '../../../api/webhooks.ts';

type Kind = Pick<Webhook, 'product' | 'reportType'>;

/** The samples that suit a webhook. */
export function samplesOf(
  catalog: Catalog | undefined,
  { product, reportType }: Kind,
): readonly CatalogSample[] {
  const known = catalog?.products.find(({ id }) => id === product);
  return known?.reportTypes.find(({ id }) => id === reportType)?.samples ?? [];
}

/**
 * What a test says of its event: without what the webhook says itself. Of operational events only the type can be
 * chosen.
 */
export function trialEventOf({ name, event }: CatalogSample, { reportType }: Kind): CatalogSample['event'] {
  if (reportType === 'operations') return { status: name };
  const { product: _product, reportType: _reportType, productUniqueId: _number, ...rest } = event;
  return rest;
}
