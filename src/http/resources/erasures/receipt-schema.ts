import Type from 'typebox';
import { type ErasedKind, erasedKinds, waitingChoices } from '../../../stores/ports/erasures.ts';
import { component, nullableObject, nullableText, word } from '../../shapes/schema.ts';

const told: { readonly [K in ErasedKind]: string } = {
  events: 'Events about them, whose contents are gone; of a deleted account: that are gone themselves.',
  deliveries: 'Deliveries of these events.',
  dropped: 'Deliveries among them that waited and were not sent.',
  attempts: 'Attempts whose answer or error is gone; of a deleted account: that are gone themselves.',
  mentions: 'Events about others, in which they were named.',
  answers: 'Answers of endpoints about others, in which they were named.',
  tasks: 'Tasks that were asked for with their number or ids.',
  auditEntries: 'Entries of the audit log.',
  keptAnswers: 'Answers that were kept for an `Idempotency-Key`.',
  webhooks: 'Webhooks of a deleted account.',
  webhookVersions: 'Versions of these.',
  statistics: 'Rows of statistics of a deleted account.',
};

const counts = Object.fromEntries(
  erasedKinds.map((kind) => [kind, Type.Optional(Type.Integer({ description: told[kind] }))]),
) as { [K in ErasedKind]: ReturnType<typeof Type.Optional<ReturnType<typeof Type.Integer>>> };

export const receipt = nullableObject(
  {
    deletedAccountId: nullableText({ description: 'The account that goes, where it is one.' }),
    waiting: word(waitingChoices, { description: 'What becomes of deliveries that wait.' }),
    askedBy: Type.Object(
      { kind: Type.String(), id: Type.String(), name: Type.String() },
      { additionalProperties: false, description: 'Who asked for it.' },
    ),
    progress: Type.Number({ description: 'How much of the stored events it has looked through, 0 to 1.' }),
    counts: Type.Object(counts, {
      additionalProperties: false,
      description: 'What it has erased until now. What is not named was not met.',
    }),
  },
  component(
    'ErasureReceipt',
    'Of a task that erases, the receipt when it is `done`; else `null`. Neither who was erased nor a hash of it is in it.',
  ),
);
