import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { accountsQuery } from '../api/accounts.ts';
import { useAccountInView } from '../session/account-in-view.ts';
import { isOperator, useSession } from '../session/session.ts';
import { samePageIn } from './same-page.ts';
import classes from './shell.module.css';

/** The account that the pages are about: a name where there is one, a choice where there are more. */
export function AccountSwitcher() {
  const session = useSession();
  const accountId = useAccountInView();
  const { history } = useRouter();
  const operator = isOperator(session);
  const { data: accounts } = useQuery({ ...accountsQuery, enabled: operator });
  const choices = operator
    ? (accounts?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))
    : (session?.memberships ?? []).flatMap(({ accountId: id, accountName }) =>
        id === null ? [] : [{ value: id, label: accountName ?? id }],
      );
  const known = choices.find(({ value }) => value === accountId);

  if (choices.length < 2 && (known || !operator)) {
    if (accountId === null) return null;
    return (
      <Text size="sm" fw={600} truncate>
        {known?.label ?? accountId}
      </Text>
    );
  }
  if (choices.length === 0) return null;
  return (
    <Select
      aria-label="Account"
      placeholder="Choose an account"
      size="xs"
      className={classes.switcher ?? ''}
      data={known || accountId === null ? choices : [...choices, { value: accountId, label: accountId }]}
      value={accountId}
      searchable={choices.length > 8}
      nothingFoundMessage="No account of that name"
      allowDeselect={false}
      maxDropdownHeight={360}
      onChange={(chosen) => {
        if (chosen) history.push(samePageIn(chosen, history.location.pathname));
      }}
    />
  );
}
