import Type from 'typebox';
import { productIds } from '../../../core/products/index.ts';
import { closed, component, instant, namedAccountId, nullableText, word } from '../../shapes/schema.ts';

const label = nullableText({ maxLength: 100, description: 'A name for people.' });

export const newSender = closed(
  {
    accountId: Type.Optional(
      Type.String({ ...namedAccountId, description: 'The account, where an operator key asks.' }),
    ),
    product: word(productIds),
    productUniqueId: Type.String({ maxLength: 100, examples: ['919999999999'] }),
    label: Type.Optional(label),
  },
  component('NewSender', 'An identity of a product to register.'),
);

export const sender = closed(
  {
    id: Type.String(),
    accountId: Type.String(),
    product: word(productIds),
    productUniqueId: Type.String(),
    label,
    createdAt: instant,
  },
  component('Sender', 'An identity of a product, such as a Waba Number, that webhooks may choose from.'),
);
