import { SegmentedControl, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Webhook, webhookStatsQuery } from '../../../api/webhooks.ts';
import { Loading } from '../../../ui/loading.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { useTextSearch } from '../../../ui/use-text-search.ts';
import { Charts } from './charts.tsx';
import { Figures } from './figures.tsx';
import { LearntRate } from './learnt-rate.tsx';
import { rangeOf, ranges } from './range.ts';

/** How the webhook does: figures and charts. */
export function Overview({ webhook }: { readonly webhook: Webhook }) {
  const [search, changeSearch] = useTextSearch();
  const range = rangeOf(search.range);
  const stats = useQuery(webhookStatsQuery(webhook.id, range.lengthMs, range.bucket));
  return (
    <Stack gap="lg">
      <SegmentedControl
        aria-label="Time range"
        value={range.word}
        onChange={(word) => changeSearch({ range: word === '24h' ? '' : word })}
        data={ranges.map(({ word, label }) => ({ value: word, label }))}
        style={{ alignSelf: 'flex-start' }}
      />
      {stats.isPending && <Loading />}
      {stats.isError && <ProblemNotice error={stats.error} onRetry={() => void stats.refetch()} />}
      {stats.data && (
        <>
          <LearntRate webhook={webhook} learnt={stats.data.learntRate} />
          <Figures total={stats.data.total} />
          <Charts stats={stats.data} />
        </>
      )}
    </Stack>
  );
}
