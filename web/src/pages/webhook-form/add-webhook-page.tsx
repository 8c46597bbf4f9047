import { Alert } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallKey } from '../../api/call-key.ts';
import { catalogQuery } from '../../api/catalog.ts';
import { createWebhook, type WebhookInput } from '../../api/webhook-form.ts';
import { webhookQuery } from '../../api/webhooks.ts';
import { useMay } from '../../session/may.ts';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { type Draft, draftOf, emptyDraft } from './draft.ts';
import { MayNotChange } from './may-not-change.tsx';
import { WebhookForm } from './webhook-form.tsx';

/** Add webhook; with `?copyOf=` beginning as another one is. */
export function AddWebhookPage() {
  return <AddPage product="sms" />;
}

/** The same for a webhook that gets what the gateway itself reports. */
export function AddAlertWebhookPage() {
  return <AddPage product="hookwire" />;
}

function AddPage({ product }: { readonly product: Draft['product'] }) {
  const { accountId = '' } = useParams({ strict: false });
  const { copyOf } = useSearch({ strict: false }) as { copyOf?: string };
  const may = useMay('webhooks:write');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const keyOf = useCallKey();
  const catalog = useQuery(catalogQuery);
  const original = useQuery({ ...webhookQuery(copyOf ?? ''), enabled: copyOf !== undefined });

  async function save(input: WebhookInput) {
    const webhook = await createWebhook(accountId, input, keyOf(input));
    queryClient.setQueryData(webhookQuery(webhook.id).queryKey, webhook);
    // No list may say for a moment that there is none.
    queryClient.removeQueries({ queryKey: ['webhooks'], type: 'inactive' });
    void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    notifications.show({
      title: 'Webhook added',
      message: `Its ${webhook.product === 'hookwire' ? 'alerts' : 'reports'} are sent from now on.`,
      color: 'teal',
    });
    await navigate({ to: '/a/$accountId/webhooks/$webhookId', params: { accountId, webhookId: webhook.id } });
  }

  const failed = catalog.error ?? original.error;
  const isAlerts = (original.data?.product ?? product) === 'hookwire';
  const isReady = catalog.data && (copyOf === undefined || original.data);
  return (
    <>
      <PageHeader title={isAlerts ? 'Add alert webhook' : 'Add webhook'} />
      {!may && <MayNotChange accountId={accountId} />}
      {may && failed && (
        <ProblemNotice
          error={failed}
          onRetry={() => void Promise.all([catalog.refetch(), original.refetch()])}
        />
      )}
      {may && !failed && !isReady && <Loading rows={8} />}
      {may && catalog.data && isReady && (
        <>
          {original.data && original.data.customHeaders.length > 0 && (
            <Alert color="gray" variant="light" mb="lg">
              The values of the custom headers are hidden and were not copied. Enter them again.
            </Alert>
          )}
          <WebhookForm
            key={copyOf ?? 'new'}
            accountId={accountId}
            catalog={catalog.data}
            initial={original.data ? draftOf(original.data, catalog.data) : emptyDraft(catalog.data, product)}
            saved={null}
            saveLabel="Save"
            onSave={save}
          />
        </>
      )}
    </>
  );
}
