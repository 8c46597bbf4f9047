import Type, { type TSchema } from 'typebox';
import { numberWarningCodes } from '../../core/number-search.ts';
import { closed, component, pageOf, word } from './schema.ts';

export const askedNumberDescription =
  'A number in any spelling, or its last 4 digits or more. With its `+` (in a query `%2B`) or `00` it is looked for as a ' +
  'whole alone.';

/** What there is to say of the number that a search is for. */
export const numberWarnings = Type.Optional(
  Type.Array(
    closed(
      {
        code: word(numberWarningCodes),
        message: Type.String(),
        path: word(['mobileNumber']),
      },
      component('NumberWarning', 'Why a search for a number may find more, or less, than what was meant.'),
    ),
    { description: 'Only where there is something to say of the `mobileNumber` that was asked for.' },
  ),
);

/** A page of a list that may be narrowed by a number. */
export function searchPageOf<S extends TSchema>(name: string, item: S) {
  const { properties } = pageOf(name, item);
  return closed({ ...properties, warnings: numberWarnings }, component(`${name}Page`, `A page of ${name}s.`));
}
