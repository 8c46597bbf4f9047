import Type from 'typebox';
import { limitNames } from '../../../core/account-limits.ts';
import { closed, component, nullableInteger, word } from '../../shapes/schema.ts';

const limit = closed(
  {
    name: word(limitNames, { description: 'Stable; programs decide by it.' }),
    label: Type.String({ description: 'What people call it.' }),
    unit: Type.String(),
    description: Type.String(),
    value: nullableInteger({ description: 'What holds now; `null`: there is no limit.' }),
    used: nullableInteger({
      description: 'How much the account has or does right now; `null`: that is not counted.',
    }),
    own: nullableInteger({ description: "The account's own limit; `null`: it has the one of all accounts." }),
    ofAll: nullableInteger({ description: 'The limit of accounts without one of their own.' }),
    least: Type.Integer({ description: 'The least that it can be set to.' }),
    most: Type.Integer({ description: 'The most that it can be set to.' }),
  },
  component('Limit', 'One limit of an account.'),
);

export const limitsAnswer = closed(
  { accountId: Type.String(), limits: Type.Array(limit) },
  component('Limits', 'The limits of an account.'),
);
