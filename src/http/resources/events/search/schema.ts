import Type from 'typebox';
import { deliveryStates } from '../../../../core/delivery.ts';
import { routingReasons } from '../../../../routing/explain.ts';
import { askedNumberDescription } from '../../../shapes/number-search.ts';
import { accountPageQuery, closed, component, nullableText, nullableWord } from '../../../shapes/schema.ts';
import { eventDetail } from '../schema.ts';

const id = Type.String({ minLength: 1, maxLength: 512 });

/** What events are found by, as a page or as a file. */
export const listFilters = {
  messageId: Type.Optional(id),
  transactionId: Type.Optional(id),
  mobileNumber: Type.Optional(Type.Unsafe<string>({ ...id, description: askedNumberDescription })),
};

export const eventIdFilters = accountPageQuery(listFilters);

const {
  deliveries: _deliveries,
  attributes: _attributes,
  message: _message,
  unmatched: _unmatched,
  contentsKeptUntil: _contentsKeptUntil,
  keptUntil: _keptUntil,
  ...ofEvent
} = eventDetail.properties;

/** An event in a list: without what may be long. */
export const foundEvent = closed(
  {
    ...ofEvent,
    deliveries: closed(
      {
        ...(Object.fromEntries(deliveryStates.map((state) => [state, Type.Integer()])) as {
          [S in (typeof deliveryStates)[number]]: ReturnType<typeof Type.Integer>;
        }),
      },
      { description: 'How many are in each state; all 0 where no webhook matched.' },
    ),
  },
  component('FoundEvent', 'An event with how many of its deliveries are where.'),
);

const decision = closed(
  {
    webhookId: Type.String(),
    url: Type.String({ description: 'As it is now.' }),
    matched: Type.Boolean(),
    delivered: nullableText({ description: 'The delivery, where it matched.' }),
    reason: nullableWord(routingReasons, { description: 'Why it did not match; `null` where it did.' }),
    text: Type.String({ description: 'The same in a sentence.' }),
  },
  component('RoutingDecision', 'Whether a webhook got an event, and why.'),
);

export const routing = closed(
  { data: Type.Array(decision, { description: 'Those that matched first.' }) },
  component('Routing', 'What became of an event at each webhook of its account.'),
);
