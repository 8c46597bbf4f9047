import { hookwire } from './hookwire.ts';
import type { Product, ProductId } from './product.ts';
import { sms } from './sms.ts';
import { whatsapp } from './whatsapp.ts';

/** Every product, in the order of the form. */
export const products: { readonly [P in ProductId]: Product } = { sms, whatsapp, hookwire };
export const productIds = Object.keys(products) as ProductId[];
/** Those whose events come from outside. */
export const messagingProductIds: readonly ProductId[] = productIds.filter(
  (id) => products[id].kind === 'messages',
);
