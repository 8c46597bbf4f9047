import type { ManagePeople } from '../../people/manage-people.ts';
import type { Things } from './reach.ts';
import { findable, type Whose } from './whose.ts';

/** @param people asked for with each call: the library that knows people is loaded when the first comes */
export function peopleOf(people: () => ManagePeople, whose: Whose): Things['people'] {
  return {
    ...findable('person', async (id) => {
      const member = await people().get(id);
      if (!member || !whose.includes(member.accountId)) return null;
      return {
        member,
        change: (change, by) => people().change(member, change, by),
        remove: () => people().remove(member),
        issueLink: (by) => people().issueLink(member, by),
      };
    }),
    list: (filter, page) => people().list({ ...filter, accountId: whose.accountId }, page),
  };
}
