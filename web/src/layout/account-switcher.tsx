import { Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { accountsQuery } from '../api/accounts.ts';
import { isOperator, useSession } from '../session/session.ts';

/** The account that the pages are about: a name where there is one, a choice where there are more. */
export function AccountSwitcher() {
  const session = useSession();
  const { accountId } = useParams({ strict: false });
  const navigate = useNavigate();
  const operator = isOperator(session);
  const { data: accounts } = useQuery({ ...accountsQuery, enabled: operator });
  if (accountId === undefined) return null;

  const choices = operator
    ? (accounts?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))
    : (session?.memberships ?? []).flatMap(({ accountId: id, accountName }) =>
        id === null ? [] : [{ value: id, label: accountName ?? id }],
      );
  const known = choices.find(({ value }) => value === accountId);
  if (choices.length < 2) {
    return (
      <Text size="sm" fw={500} truncate>
        {known?.label ?? accountId}
      </Text>
    );
  }
  return (
    <Select
      aria-label="Account"
      size="xs"
      data={known ? choices : [...choices, { value: accountId, label: accountId }]}
      value={accountId}
      searchable={choices.length > 8}
      allowDeselect={false}
      onChange={(chosen) => {
        if (chosen) void navigate({ to: '/a/$accountId/webhooks', params: { accountId: chosen } });
      }}
    />
  );
}
