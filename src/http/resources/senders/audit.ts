import type { Sender } from '../../../stores/ports/directory.ts';
import { type Describer, textOf } from '../../auditing/describer.ts';

export const senderDescriber: Describer = {
  async before({ reach, params }) {
    const found = params.id === undefined ? null : await reach?.senders.get(params.id);
    return found?.sender ?? null;
  },
  describe({ params, before, answer }) {
    const shown = (before as Sender | null) ?? answer;
    const number = textOf(shown, 'productUniqueId');
    const label = textOf(shown, 'label');
    return {
      accountId: textOf(shown, 'accountId'),
      target: {
        type: 'sender',
        id: params.id ?? textOf(answer, 'id') ?? '',
        name: label ? `${label} (${number})` : number,
      },
      changes: [],
    };
  },
};
