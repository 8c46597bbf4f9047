import { Stack, Text } from '@mantine/core';
import { CopyField } from '../../ui/copy-field.tsx';
import { Instant } from '../../ui/instant.tsx';

export interface HandOnLinkProps {
  readonly name: string;
  readonly link: string;
  readonly expiresAt: string;
}

/** A link by which somebody chooses a password, to be given to nobody else. */
export function HandOnLink({ name, link, expiresAt }: HandOnLinkProps) {
  return (
    <Stack gap="sm">
      <Text size="sm">
        Send this link to {name} in a way that only they can read. Whoever opens it chooses the password.
      </Text>
      <CopyField label="Link" text={link} what="the link" />
      <Text size="sm" className="muted">
        It works once, until <Instant at={expiresAt} />, and is not shown again.
      </Text>
    </Stack>
  );
}
