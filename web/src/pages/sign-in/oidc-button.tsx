import { Button, Divider } from '@mantine/core';
import { rememberWay } from '../../session/remembered-way.ts';

export interface OidcButtonProps {
  /** The provider's, as the gateway's operator calls it. */
  readonly name: string;
  /** Where to go once one comes back from the provider. */
  readonly to: string | null;
}

export function OidcButton({ name, to }: OidcButtonProps) {
  return (
    <>
      <Divider label="or" />
      <Button component="a" href="/v1/session/oidc" variant="default" onClick={() => rememberWay(to)}>
        Continue with {name}
      </Button>
    </>
  );
}
