import { type Describer, fieldOf, textOf } from '../../auditing/describer.ts';

export const portalLinkDescriber: Describer = {
  async describe({ portalLinks, action, params, body, answer }) {
    if (action === 'portalLink.created') {
      const [id, name, role] = [textOf(answer, 'id') ?? '', textOf(body, 'name'), textOf(body, 'role')];
      return {
        accountId: params.id ?? null,
        target: { type: 'portalLink', id, name },
        changes: [
          { field: 'role', from: null, to: role ?? 'developer' },
          ...(fieldOf(body, 'grantsAccess') === true
            ? [{ field: 'grantsAccess', from: null, to: true }]
            : []),
        ],
      };
    }
    const caller = await portalLinks.find(textOf(answer, 'token') ?? '');
    if (!caller) return null;
    const { id, name } = caller.actor;
    return {
      accountId: caller.accountId,
      target: { type: 'portalLink', id, name },
      changes: [],
      actor: caller.actor,
    };
  },
};
