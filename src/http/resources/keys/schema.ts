import Type from 'typebox';
import { scopes } from '../../../core/scopes.ts';
import { closed, component, instant, word } from '../../shapes/schema.ts';

const name = Type.String({ minLength: 1, maxLength: 100, examples: ['Acme Retail'] });
const scopeList = Type.Array(word(scopes), { minItems: 1, maxItems: scopes.length, uniqueItems: true });

export const newKey = closed({ name, scopes: scopeList }, component('NewKey', 'An API key to make.'));

export const key = closed(
  { id: Type.String(), accountId: Type.String(), name, scopes: Type.Array(word(scopes)), createdAt: instant },
  component('Key', 'An API key, without its secret part.'),
);

export const createdKey = closed(
  {
    ...key.properties,
    key: Type.String({ description: 'The key itself. Shown this once.', examples: ['hw_…'] }),
  },
  component('CreatedKey', 'A new API key.'),
);
