import { Button, Group, Menu, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { disableWebhook, enableWebhook, type Webhook } from '../../api/webhooks.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DeleteWebhook } from '../../ui/delete-webhook/delete-webhook.tsx';
import { LinkButton, TextLink } from '../../ui/links.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { problemInBrief } from '../../ui/problem-words.ts';
import { WebhookStatus } from '../../ui/webhook-status.tsx';
import { kindOf } from '../../ui/webhook-words.ts';

export interface DetailsHeaderProps {
  readonly webhook: Webhook;
  readonly mayWrite: boolean;
}

/** What it is, how it is, and what can be done with it as a whole. */
export function DetailsHeader({ webhook, mayWrite }: DetailsHeaderProps) {
  const { accountId, url, id, description } = webhook;
  return (
    <>
      <TextLink to={listOf(webhook)} params={{ accountId }} size="sm">
        ← {isAlerts(webhook) ? 'All alert webhooks' : 'Manage Webhooks'}
      </TextLink>
      <PageHeader
        title={isAlerts(webhook) ? 'Alert webhook' : `${kindOf(webhook)} webhook`}
        actions={mayWrite && <Actions webhook={webhook} />}
      >
        <Stack gap={4}>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <span className="exact">{url}</span>
            <CopyButton text={url} what="the URL" flex="none" />
          </Group>
          {description && <Text size="sm">{description}</Text>}
          <Group gap="xs">
            <WebhookStatus webhook={webhook} />
            <Text size="sm" component="span" className="exact">
              {id}
            </Text>
            <CopyButton text={id} what="the id" />
          </Group>
        </Stack>
      </PageHeader>
    </>
  );
}

function isAlerts({ product }: Webhook): boolean {
  return product === 'hookwire';
}

/** The page that it was made from. */
function listOf(webhook: Webhook) {
  return isAlerts(webhook) ? '/a/$accountId/alerts' : '/a/$accountId/webhooks';
}

function Actions({ webhook }: { readonly webhook: Webhook }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const { accountId, id, status } = webhook;
  const toggle = useToggle(webhook);
  const params = { accountId, webhookId: id };
  return (
    <>
      <LinkButton to="/a/$accountId/webhooks/$webhookId/edit" params={params}>
        Edit
      </LinkButton>
      <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
        {status === 'enabled' ? 'Disable' : 'Enable'}
      </Button>
      <Menu position="bottom-end" withinPortal={false}>
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() =>
              void navigate({
                to: '/a/$accountId/webhooks/new',
                params: { accountId },
                search: { copyOf: id },
              })
            }
          >
            Copy as new
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => setDeleting(true)}>Delete…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteWebhook
        webhook={deleting ? webhook : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate({ to: listOf(webhook), params: { accountId } })}
      />
    </>
  );
}

/** Enables what is disabled, and disables what is enabled; it can be taken back at once, so nobody is asked. */
export function useToggle(webhook: Webhook) {
  const queryClient = useQueryClient();
  const enabling = webhook.status === 'disabled';
  return useMutation({
    mutationFn: () => (enabling ? enableWebhook(webhook.id) : disableWebhook(webhook.id)),
    onSuccess: async (changed) => {
      queryClient.setQueryData(['webhook', webhook.id], changed);
      notifications.show({
        color: 'teal',
        message: enabling
          ? 'Enabled: what waited is sent now.'
          : 'Disabled: reports wait until it is enabled again.',
      });
      await queryClient.invalidateQueries({ queryKey: ['webhook', webhook.id] });
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    },
    onError: (error) => {
      notifications.show({ color: 'red', title: 'Nothing was changed', message: problemInBrief(error) });
    },
  });
}
