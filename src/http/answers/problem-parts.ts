import Type from 'typebox';
import { closed, component, nullableText, word } from '../shapes/schema.ts';

export const inputError = closed(
  { path: Type.String({ description: "JSON path from the body's root." }), message: Type.String() },
  component('InputError', 'A wrong place of an input.'),
);

export const metLimit = closed(
  {
    name: Type.String({
      description: 'Of an account: its name in `GET /v1/limits`.',
      examples: ['webhooks'],
    }),
    value: Type.Integer(),
  },
  component('MetLimit', 'The limit that the caller has met.'),
);

const result = closed(
  {
    id: nullableText({
      description:
        'Of the event, for a duplicate of the one that it repeats; `null` where it was rejected and had none.',
    }),
    result: word(['accepted', 'duplicate', 'rejected']),
    deliveries: Type.Integer({ description: 'How many webhooks get it.' }),
    unmatched: Type.Optional(
      word(['sender'], {
        description:
          'Its `productUniqueId` is no sender of the account. It was taken all the same, and goes to webhooks for all numbers.',
      }),
    ),
    differs: Type.Optional(
      Type.Boolean({
        description:
          'Only ever `true`: a duplicate by its `id` that is another report than the one taken under it. It was not taken: give each report an id of its own, or none.',
      }),
    ),
    errors: Type.Optional(
      Type.Array(inputError, {
        description: 'Of a rejected one; there are none where those before it have 50, or 12 KiB, already.',
      }),
    ),
    code: Type.Optional(
      word(['slow_down', 'overloaded'], {
        description:
          'The account is at a limit (`slow_down`), or too much waits to be written (`overloaded`), and none of its events ' +
          'of this call was taken: send the same event again after `retryAfterSeconds`. Without it, a rejected event is not valid.',
      }),
    ),
    limit: Type.Optional(metLimit),
    retryAfterSeconds: Type.Optional(Type.Integer()),
  },
  component('EventResult', 'What became of an event.'),
);

/** Of an answer to events, and of the problem that it is where all of them were rejected. */
export const eventResults = {
  accepted: Type.Integer(),
  duplicates: Type.Integer(),
  rejected: Type.Integer(),
  events: Type.Array(result, { description: 'In the order given.' }),
};
