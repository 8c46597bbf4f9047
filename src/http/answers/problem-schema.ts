import Type from 'typebox';
import { type ErrorCode, errorTable } from '../../core/errors.ts';
import { closed, component, word } from '../shapes/schema.ts';
import { eventResults, inputError, metLimit } from './problem-parts.ts';

const codes = Object.keys(errorTable) as ErrorCode[];

/** What every error is answered with. */
export const problem = closed(
  {
    type: Type.String({ examples: ['urn:hookwire:error:invalid_input'] }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: word(codes, { description: 'Stable; programs decide by it.' }),
    errors: Type.Optional(
      Type.Array(inputError, {
        description: 'The wrong places of the input, 50 at most. Long names are cut.',
      }),
    ),
    limit: Type.Optional(metLimit),
    accepted: Type.Optional(eventResults.accepted),
    duplicates: Type.Optional(eventResults.duplicates),
    rejected: Type.Optional(eventResults.rejected),
    events: Type.Optional({
      ...eventResults.events,
      description:
        'Of `POST /v1/events` alone, where every event was rejected: the first of them, as many as fit into an answer of 64 KiB.',
    } as typeof eventResults.events),
  },
  component('Problem', 'RFC 9457.'),
);
