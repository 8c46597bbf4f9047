import type { Product, ProductId } from './product.ts';
import { sms } from './sms.ts';
import { whatsapp } from './whatsapp.ts';

/** Every product, in the order of the form. */
export const products: { readonly [P in ProductId]: Product } = { sms, whatsapp };
export const productIds = Object.keys(products) as ProductId[];
