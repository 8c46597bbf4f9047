import { Radio, Stack } from '@mantine/core';
import type { AccountRole } from '../../api/people.ts';
import { roleWords } from '../../session/role-words.ts';

const ofAccount = ['owner', 'developer', 'viewer'] as const satisfies readonly AccountRole[];

export interface RoleChoiceProps {
  readonly value?: AccountRole;
  readonly onChange?: (role: AccountRole) => void;
  readonly error?: string;
}

/** The roles that somebody can have in an account, with what each may do. */
export function RoleChoice({ onChange, ...props }: RoleChoiceProps) {
  return (
    <Radio.Group label="Role" {...props} onChange={(role) => onChange?.(role as AccountRole)}>
      <Stack gap="sm" mt="xs">
        {ofAccount.map((role) => (
          <Radio key={role} value={role} label={roleWords[role].label} description={roleWords[role].may} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
