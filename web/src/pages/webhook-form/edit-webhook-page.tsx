import { Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type Catalog, catalogQuery } from '../../api/catalog.ts';
import { problemOf } from '../../api/problem.ts';
import { replaceWebhook, type WebhookInput } from '../../api/webhook-form.ts';
import { type Webhook, webhookQuery } from '../../api/webhooks.ts';
import { useMay } from '../../session/may.ts';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useTextSearch } from '../../ui/use-text-search.ts';
import { draftOf } from './draft.ts';
import { MayNotChange } from './may-not-change.tsx';
import { WebhookForm } from './webhook-form.tsx';

/** Edit webhook: begins with the webhook as it is now, not as it was when it was last looked at. */
export function EditWebhookPage() {
  const { accountId = '', webhookId = '' } = useParams({ strict: false });
  const may = useMay('webhooks:write');
  const catalog = useQuery(catalogQuery);
  const webhook = useQuery({ ...webhookQuery(webhookId), staleTime: 0, refetchOnWindowFocus: false });
  const [round, setRound] = useState(0);
  const failed = catalog.error ?? (webhook.data ? null : webhook.error);
  const isReady = catalog.data && webhook.data && webhook.isFetchedAfterMount;

  async function again() {
    await Promise.all([catalog.refetch(), webhook.refetch()]);
    setRound((before) => before + 1);
  }

  return (
    <>
      <PageHeader title={webhook.data?.product === 'hookwire' ? 'Edit alert webhook' : 'Edit webhook'}>
        <span className="exact">{webhookId}</span>
      </PageHeader>
      {!may && <MayNotChange accountId={accountId} />}
      {may && failed && <ProblemNotice error={failed} onRetry={() => void again()} />}
      {may && !failed && !isReady && <Loading rows={8} />}
      {may && catalog.data && webhook.data && isReady && (
        <EditForm
          key={`${webhookId} ${round}`}
          accountId={accountId}
          catalog={catalog.data}
          webhook={webhook.data}
          onLoadAgain={() => void again()}
        />
      )}
    </>
  );
}

interface EditFormProps {
  readonly accountId: string;
  readonly catalog: Catalog;
  readonly webhook: Webhook;
  readonly onLoadAgain: () => void;
}

function EditForm({ accountId, catalog, webhook, onLoadAgain }: EditFormProps) {
  // What the form began with; the query may hear of something newer meanwhile.
  const [began] = useState(webhook);
  const [{ ratePerSecond }] = useTextSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const details = {
    to: '/a/$accountId/webhooks/$webhookId',
    params: { accountId, webhookId: began.id },
  } as const;

  async function save(version: number | null, input: WebhookInput) {
    const changed = await replaceWebhook(began.id, version, input);
    queryClient.setQueryData(webhookQuery(began.id).queryKey, changed);
    void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    notifications.show({
      title: 'Changes saved',
      message: 'What waits and what comes is sent as it is now.',
      color: 'teal',
    });
    await navigate(details);
  }

  return (
    <WebhookForm
      accountId={accountId}
      catalog={catalog}
      initial={useState(() => draftOf(began, catalog))[0]}
      saved={began}
      {...(ratePerSecond !== undefined && { proposed: { ratePerSecond } })}
      saveLabel="Save Changes"
      onSave={(input) => save(began.version, input)}
      renderFailure={(error, retry) => (
        <Stack gap="sm">
          <ProblemNotice error={error} />
          {problemOf(error).code === 'conflict' && (
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={onLoadAgain}>
                Load it as it is now
              </Button>
              <Button
                size="xs"
                color="red"
                variant="light"
                onClick={() => retry((input) => save(null, input))}
              >
                Save mine over it
              </Button>
            </Group>
          )}
        </Stack>
      )}
    />
  );
}
