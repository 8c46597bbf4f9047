import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { activityQuery, type Webhook, webhooksQuery } from '../../api/webhooks.ts';
import { useMay } from '../../session/may.ts';
import { DeleteWebhook } from '../../ui/delete-webhook/delete-webhook.tsx';
import { RecentlyDeleted } from '../../ui/delete-webhook/recently-deleted.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useTextSearch } from '../../ui/use-text-search.ts';
import { readOrder, rowsOf, sortRows } from '../../ui/webhook-list/rows.ts';
import { WebhookList } from '../../ui/webhook-list/webhook-list.tsx';

/** Alerts: the webhooks that hear of endpoints that fail, webhooks that were disabled and deliveries that were given up. */
export function AlertsPage() {
  const { accountId = '' } = useParams({ strict: false });
  const [{ sort }, changeSearch] = useTextSearch();
  const mayWrite = useMay('webhooks:write');
  const webhooks = useQuery(webhooksQuery(accountId, { product: 'hookwire' }));
  const activity = useQuery(activityQuery(accountId));
  const [toDelete, setToDelete] = useState<Webhook | null>(null);
  const rows = useMemo(() => rowsOf(webhooks.data?.data, activity.data), [webhooks.data, activity.data]);
  const sorted = useMemo(() => sortRows(rows, readOrder(sort)), [rows, sort]);
  const add = mayWrite && (
    <LinkButton to="/a/$accountId/alerts/new" params={{ accountId }}>
      Add alert webhook
    </LinkButton>
  );

  return (
    <>
      <PageHeader title="Alerts" actions={add}>
        The gateway can tell a URL of yours when an endpoint begins to fail or is well again, when a webhook
        was disabled, and when a delivery was given up.
      </PageHeader>
      <RecentlyDeleted accountId={accountId} />
      <Stack gap="md">
        {webhooks.isError && <ProblemNotice error={webhooks.error} onRetry={() => void webhooks.refetch()} />}
        {webhooks.isPending && <Loading rows={3} />}
        {webhooks.data && rows.length === 0 && (
          <EmptyState title="No alerts yet" action={add}>
            Without them somebody has to look here to see that an endpoint fails.
            {!mayWrite && ' Ask an owner or a developer of this account to add an alert webhook.'}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <WebhookList
            rows={sorted}
            activityState={activity.isPending ? 'loading' : activity.data ? 'known' : 'unknown'}
            order={readOrder(sort)}
            onSort={(word) => changeSearch({ sort: word })}
            mayWrite={mayWrite}
            onDelete={setToDelete}
          />
        )}
      </Stack>
      <DeleteWebhook webhook={toDelete} onClose={() => setToDelete(null)} />
    </>
  );
}
