import Type from 'typebox';
import { errorClasses } from '../../../../core/delivery.ts';
import {
  closed,
  component,
  namedAccountId,
  nullableObject,
  nullableText,
  word,
} from '../../../shapes/schema.ts';
import { trialEvent } from '../../events/schema.ts';
import { webhookInput } from '../input/schema.ts';
import { newSecret, warnings } from '../schema.ts';

const headers = Type.Array(Type.Array(Type.String(), { minItems: 2, maxItems: 2 }), {
  description: 'Pairs of name and value.',
});

export const trialRequest = closed(
  { method: word(['GET', 'POST']), url: Type.String(), headers, body: nullableText() },
  component('TrialRequest', 'The request as it goes on the wire.'),
);

const trialResponse = nullableObject({
  statusCode: Type.Integer(),
  headers,
  body: Type.String({ description: 'At most 64 KiB.' }),
  truncated: Type.Boolean({ description: 'The body goes on after that.' }),
});

const trialError = nullableObject({
  class: word(errorClasses),
  detail: Type.String({ description: 'What happened in this case.' }),
  title: Type.String({ description: 'What such an error is.' }),
  advice: Type.String({ description: 'What to do about it.' }),
});

export const preview = closed(
  { ...trialRequest.properties, warnings },
  component('Preview', 'The request as it would go on the wire.'),
);

export const trialAnswer = closed(
  {
    request: trialRequest,
    response: trialResponse,
    error: trialError,
    durationMs: Type.Number(),
    warnings,
  },
  component('TrialAnswer', 'What came of a test.'),
);

/** An unsaved webhook, and the event to try it with. */
export const newTrial = closed(
  {
    accountId: Type.Optional(
      Type.String({
        ...namedAccountId,
        description: 'The account whose numbers it may choose from, where an operator key asks.',
      }),
    ),
    webhookId: Type.Optional(
      Type.String({
        description:
          'The saved webhook that it is a change of: header values that are still masked are its own, and stay ' +
          'masked in the answer.',
      }),
    ),
    ...newSecret,
    ...webhookInput.properties,
    event: Type.Optional(trialEvent),
  },
  component('NewTrial', "A webhook's body, unsaved, and an optional event."),
);

/** The body of a test of a saved webhook; it may be left out. */
export const savedTrial = Type.Unsafe<{ event?: unknown } | null>({
  type: ['object', 'null'],
  properties: { event: { type: 'object', ...trialEvent } },
  additionalProperties: false,
  ...component('SavedTrial', 'The event to test with.'),
});
