import type { InputError } from '../../../core/errors.ts';
import { products } from '../../../core/products/index.ts';
import type { ProductId } from '../../../core/products/product.ts';

/** Why an account cannot register this, a number in its normal form; `null` if it can. */
export function identityProblem(product: ProductId, productUniqueId: string): InputError | null {
  const { identity, label } = products[product];
  if (!identity) return { path: 'product', message: `${label} has no identities to register.` };
  if (identity.pattern.test(productUniqueId)) return null;
  return { path: 'productUniqueId', message: `must be ${identity.shape}.` };
}
