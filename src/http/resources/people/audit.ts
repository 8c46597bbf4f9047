import type { MemberEntry } from '../../../stores/ports/people.ts';
import { type Describer, textOf } from '../../auditing/describer.ts';

export const personDescriber: Describer = {
  async before({ reach, params }) {
    const found = params.id === undefined ? null : await reach?.people.get(params.id);
    return found?.member ?? null;
  },
  describe({ action, params, before, answer }) {
    const shown = (before as MemberEntry | null) ?? answer;
    const after = action === 'person.removed' || action === 'person.passwordLinkMade' ? null : answer;
    const changes = (['role', 'name'] as const)
      .map((field) => ({ field, from: textOf(before, field), to: textOf(after, field) }))
      .filter(({ field, from, to }) => from !== to && (field === 'role' || (from !== null && to !== null)));
    return {
      accountId: textOf(shown, 'accountId'),
      target: {
        type: 'person',
        id: params.id ?? textOf(answer, 'id') ?? '',
        name: `${textOf(shown, 'name')} (${textOf(shown, 'email')})`,
      },
      changes: action === 'person.passwordLinkMade' ? [] : changes,
    };
  },
};
