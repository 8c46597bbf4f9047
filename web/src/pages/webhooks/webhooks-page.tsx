import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { activityQuery, type Webhook, webhooksQuery } from '../../api/webhooks.ts';
import { useMay } from '../../session/may.ts';
import { DeleteWebhook } from '../../ui/delete-webhook/delete-webhook.tsx';
import { RecentlyDeleted } from '../../ui/delete-webhook/recently-deleted.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useTextSearch } from '../../ui/use-text-search.ts';
import { readOrder, rowsOf, sortRows } from '../../ui/webhook-list/rows.ts';
import { WebhookList } from '../../ui/webhook-list/webhook-list.tsx';
import { NoMatch, NoWebhooks } from './empty.tsx';
import { Filters } from './filters.tsx';

/** Manage Webhooks: all of an account, to be found, watched, changed and deleted. */
export function WebhooksPage() {
  const { accountId = '' } = useParams({ strict: false });
  const [search, changeSearch] = useTextSearch();
  const mayWrite = useMay('webhooks:write');
  const { q, product, reportType, status, sort } = search;
  const webhooks = useQuery(webhooksQuery(accountId, { q, product, reportType, status }));
  const activity = useQuery(activityQuery(accountId));
  const [toDelete, setToDelete] = useState<Webhook | null>(null);
  const order = readOrder(sort);

  const rows = useMemo(() => rowsOf(webhooks.data?.data, activity.data), [webhooks.data, activity.data]);
  const sorted = useMemo(() => sortRows(rows, readOrder(sort)), [rows, sort]);
  const narrowed = [q, product, reportType, status].some((word) => word !== undefined);
  const none = webhooks.data !== undefined && rows.length === 0 && !narrowed;

  return (
    <>
      <PageHeader
        title="Manage Webhooks"
        actions={
          mayWrite && (
            <LinkButton to="/a/$accountId/webhooks/new" params={{ accountId }}>
              Add webhook
            </LinkButton>
          )
        }
      >
        Where delivery reports and inbound messages are sent.
      </PageHeader>
      <RecentlyDeleted accountId={accountId} />
      {none ? (
        <NoWebhooks accountId={accountId} mayWrite={mayWrite} />
      ) : (
        <Stack gap="md">
          <Filters search={search} onChange={changeSearch} />
          {webhooks.isError && (
            <ProblemNotice error={webhooks.error} onRetry={() => void webhooks.refetch()} />
          )}
          {webhooks.isPending && <Loading />}
          {webhooks.data && rows.length === 0 && (
            <NoMatch onClear={() => changeSearch({ q: '', product: '', reportType: '', status: '' })} />
          )}
          {rows.length > 0 && (
            <WebhookList
              rows={sorted}
              activityState={activity.isPending ? 'loading' : activity.data ? 'known' : 'unknown'}
              order={order}
              onSort={(word) => changeSearch({ sort: word })}
              mayWrite={mayWrite}
              onDelete={setToDelete}
            />
          )}
          {webhooks.data?.more && (
            <Text size="sm" className="muted">
              These are the newest {rows.length.toLocaleString('en')}. Search or filter to find older ones.
            </Text>
          )}
        </Stack>
      )}
      <DeleteWebhook webhook={toDelete} onClose={() => setToDelete(null)} />
    </>
  );
}
