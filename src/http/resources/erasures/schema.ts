import Type from 'typebox';
import { waitingChoices } from '../../../stores/ports/erasures.ts';
import { accountPageQuery, closed, component, namedAccountId, word } from '../../shapes/schema.ts';

const id = { minLength: 1, maxLength: 256 };

export const newErasure = closed(
  {
    mobileNumber: Type.Optional(
      Type.String({
        ...id,
        description: 'A whole number with its country code, in any spelling.',
        examples: ['919812345678'],
      }),
    ),
    userId: Type.Optional(
      Type.String({ ...id, description: 'A user id of WhatsApp (BSUID), as events have it.' }),
    ),
    messageId: Type.Optional(
      Type.String({ ...id, description: 'The id of one message, as events have it.' }),
    ),
    accountId: Type.Optional(
      Type.String({
        ...namedAccountId,
        description: 'The account, where an operator asks; without it all accounts are looked through.',
      }),
    ),
    waiting: Type.Optional(
      word(waitingChoices, {
        default: 'deliver',
        description:
          'What becomes of deliveries that wait: `deliver`: they are delivered first, within three days; `drop`: they are skipped, with the reason `erased`.',
      }),
    ),
  },
  component('NewErasure', 'Who is to be forgotten: one of `mobileNumber`, `userId` and `messageId`.'),
);

export const erasureStarted = closed(
  { taskId: Type.String({ examples: ['task_0a1b2c3d4e5f6g7h'] }) },
  component('ErasureStarted', 'The task that erases: see `GET /v1/tasks/:id`, which ends with a receipt.'),
);

export const erasureQuery = accountPageQuery({});
