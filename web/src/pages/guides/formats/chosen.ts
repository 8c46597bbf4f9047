import type {
  Catalog,
  CatalogMethod,
  CatalogProduct,
  CatalogReportType,
  CatalogSample,
} from '../../../api/catalog.ts';
import type { TextSearch } from '../../../ui/use-text-search.ts';

/** What the page shows a sample of. */
export interface Chosen {
  readonly product: CatalogProduct;
  readonly reportType: CatalogReportType;
  readonly method: CatalogMethod;
  readonly moFormat: CatalogMethod['moFormat'];
  readonly sample: CatalogSample | undefined;
}

/** What the URL asks for, with the first of each where it asks for nothing, or for what does not go together. */
export function chosenIn(catalog: Catalog, search: TextSearch): Chosen | null {
  const product = pick(catalog.products, ({ id }) => id === search.product);
  const reportType = product && pick(product.reportTypes, ({ id }) => id === search.type);
  if (!product || !reportType) return null;
  const methods = catalog.methods.filter(({ id }) => reportType.methods.includes(id));
  const method = pick(methods, ({ id }) => id === search.method);
  if (!method) return null;
  const formats = catalog.settings.choices.moFormat.map(({ id }) => id);
  const sample = pick(reportType.samples, ({ name }) => name === search.sample);
  const asked = method.id === 'JSON' ? formats.find((id) => id === search.mo) : undefined;
  return { product, reportType, method, moFormat: asked ?? method.moFormat, sample };
}

function pick<T>(all: readonly T[], wanted: (one: T) => boolean): T | undefined {
  return all.find(wanted) ?? all[0];
}
