import { Box, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense } from 'react';
import { problemOf } from '../../api/problem.ts';
import { type Webhook, webhookQuery } from '../../api/webhooks.ts';
import { type Act, useMay } from '../../session/may.ts';
import { RecentlyDeleted } from '../../ui/delete-webhook/recently-deleted.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useTextSearch } from '../../ui/use-text-search.ts';
import { Warnings } from '../../ui/warnings.tsx';
import { Details } from './details.tsx';
import { DetailsHeader } from './details-header.tsx';
import { Outage } from './outage/outage.tsx';
import { useSeenOutage } from './outage/use-seen-outage.ts';
import { Recovery } from './recovery/recovery.tsx';
import { TasksUnderWay } from './recovery/tasks-under-way.tsx';
import { Secret } from './secret/secret.tsx';
import { TestWebhook } from './test/test-webhook.tsx';

/** Six languages are much to load for a look at the configuration. */
const Receive = lazy(() => import('./receive/receive.tsx').then((module) => ({ default: module.Receive })));

/** View Details: all about one webhook. */
export function WebhookDetailsPage() {
  const { accountId = '', webhookId = '' } = useParams({ strict: false });
  const { data: webhook, error, isPending, refetch } = useQuery(webhookQuery(webhookId));
  // It may be deleted while one looks at it.
  const gone = error !== null && problemOf(error).status === 404;
  if (webhook && !gone) return <DetailsOf webhook={webhook} />;
  return (
    <>
      <PageHeader title="Webhook" />
      <RecentlyDeleted accountId={accountId} />
      {isPending ? <Loading /> : <ProblemNotice error={error} onRetry={() => void refetch()} />}
    </>
  );
}

const tabs = [
  { value: 'details', label: 'Details', Panel: null },
  { value: 'test', label: 'Test', Panel: TestWebhook, act: 'webhooks:write' },
  { value: 'recover', label: 'Send again', Panel: Recovery, act: 'deliveries:replay' },
  { value: 'secret', label: 'Signing secret', Panel: Secret, act: 'webhooks:write' },
  { value: 'receive', label: 'Receive it', Panel: Receive },
] as const satisfies readonly {
  value: string;
  label: string;
  /** `null`: what the page opens with. */
  Panel: ComponentType<{ webhook: Webhook }> | null;
  act?: Act;
}[];

function DetailsOf({ webhook }: { readonly webhook: Webhook }) {
  const [search, changeSearch] = useTextSearch();
  const mayWrite = useMay('webhooks:write');
  const mayReplay = useMay('deliveries:replay');
  const offered = tabs.filter((tab) => {
    if (!('act' in tab)) return true;
    return tab.act === 'webhooks:write' ? mayWrite : mayReplay;
  });
  const open = offered.find(({ value }) => value === search.tab)?.value ?? 'details';

  const memory = useSeenOutage(webhook);
  const outage = <Outage webhook={webhook} memory={memory} mayWrite={mayWrite} mayReplay={mayReplay} />;

  return (
    <>
      <DetailsHeader webhook={webhook} mayWrite={mayWrite} />
      <Warnings warnings={webhook.warnings} />
      {open !== 'details' && <Box mb="lg">{outage}</Box>}
      {mayReplay && open !== 'recover' && <TasksUnderWay webhook={webhook} />}
      <Tabs
        value={open}
        onChange={(tab) => changeSearch({ tab: tab === 'details' ? '' : (tab ?? '') })}
        keepMounted={false}
      >
        <Tabs.List mb="lg" aria-label="About this webhook">
          {offered.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {offered.map(({ value, Panel }) => (
          <Tabs.Panel key={value} value={value}>
            <Suspense fallback={<Loading />}>
              {Panel === null ? <Details webhook={webhook} outage={outage} /> : <Panel webhook={webhook} />}
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
