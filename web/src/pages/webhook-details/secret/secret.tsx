import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { secretQuery, type Webhook } from '../../../api/webhooks.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Instant } from '../../../ui/instant.tsx';
import { TextLink } from '../../../ui/links.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { RotateSecret } from './rotate-secret.tsx';

const masked = '•'.repeat(30);

/** The secret that signs the webhook's requests: hidden until somebody asks for it. */
export function Secret({ webhook }: { readonly webhook: Webhook }) {
  const [shown, setShown] = useState(false);
  const [rotating, setRotating] = useState(false);
  const queryClient = useQueryClient();
  const { data, error, isFetching } = useQuery({ ...secretQuery(webhook.id), enabled: shown });
  const secret = shown ? data?.secret : undefined;

  return (
    <Stack gap="md" maw={820}>
      <Text size="sm">
        Every request carries a signature made with this secret. The endpoint checks it, and so knows that a
        report comes from here and was not changed on the way. Keep it as you keep a password. How to check it
        stands under{' '}
        <TextLink
          to="/a/$accountId/webhooks/$webhookId"
          params={{ accountId: webhook.accountId, webhookId: webhook.id }}
          search={{ tab: 'receive' }}
          underline="always"
        >
          Receive it
        </TextLink>
        .
      </Text>
      <Card withBorder padding="md">
        <Stack gap="sm">
          <Title order={2} size="h5">
            Signing secret
          </Title>
          <Group gap="xs">
            <span className="exact">{secret ?? masked}</span>
            <Button
              size="compact-xs"
              variant="default"
              loading={shown && isFetching && !data}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            >
              {shown ? 'Hide' : 'Reveal'}
            </Button>
            {secret !== undefined && <CopyButton text={secret} what="the signing secret" />}
          </Group>
          {error && <ProblemNotice error={error} />}
          {shown && data?.publicKey && (
            <Stack gap={2}>
              <Text size="sm">
                This is a private key. Give the endpoint the public one, which can check a signature and not
                make one:
              </Text>
              <Group gap="xs">
                <span className="exact">{data.publicKey}</span>
                <CopyButton text={data.publicKey} what="the public key" />
              </Group>
            </Stack>
          )}
          {shown &&
            data?.previous.map((before) => (
              <Stack key={before.secret} gap={2}>
                <Text size="sm" className="muted" component="div">
                  The one before signs too
                  {before.expiresAt && (
                    <>
                      {' '}
                      until <Instant at={before.expiresAt} />
                    </>
                  )}
                  :
                </Text>
                <Group gap="xs">
                  <span className="exact">{before.publicKey ?? before.secret}</span>
                  <CopyButton text={before.publicKey ?? before.secret} what="the one before" />
                </Group>
              </Stack>
            ))}
          <Group>
            <Button variant="default" onClick={() => setRotating(true)}>
              Change the secret…
            </Button>
          </Group>
        </Stack>
      </Card>
      <RotateSecret
        webhookId={webhook.id}
        opened={rotating}
        onClose={() => setRotating(false)}
        onRotated={(secrets) => {
          queryClient.setQueryData(secretQuery(webhook.id).queryKey, secrets);
          setShown(true);
        }}
      />
    </Stack>
  );
}
