import { Anchor } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type Limit, limitsQuery } from '../../api/limits.ts';
import { retentionQuery } from '../../api/retention.ts';
import { useMay } from '../../session/may.ts';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ChangeKeepModal } from './change-keep-modal.tsx';
import { ChangeLimitModal } from './change-limit-modal.tsx';
import type { KeepRow } from './keep-rows.ts';
import { KeepTable } from './keep-table.tsx';
import { LimitsTable } from './limits-table.tsx';

/** What the account may have and do, and how long what it has is kept. Operators change it here. */
export function LimitsPage() {
  const { accountId = '' } = useParams({ strict: false });
  const queryClient = useQueryClient();
  const limits = useQuery(limitsQuery(accountId));
  const retention = useQuery(retentionQuery(accountId));
  const maySet = useMay('operate');
  const [changed, setChanged] = useState<Limit | null>(null);
  const [kept, setKept] = useState<KeepRow | null>(null);

  return (
    <>
      <PageHeader title="Limits">
        What the account may have and do, and how much of it is in use. What is there goes on working when a
        limit is reached; only more is refused.
        {maySet
          ? ' A limit of this account alone goes before the one of all accounts.'
          : ' Whoever runs this gateway can raise a limit for you.'}{' '}
        <Anchor href="#kept" underline="always" inherit>
          How long things are kept
        </Anchor>{' '}
        stands below.
      </PageHeader>
      {limits.isPending && <Loading />}
      {limits.isError && <ProblemNotice error={limits.error} onRetry={() => void limits.refetch()} />}
      {limits.data && <LimitsTable limits={limits.data.limits} {...(maySet && { onChange: setChanged })} />}
      {retention.isError && (
        <ProblemNotice error={retention.error} onRetry={() => void retention.refetch()} />
      )}
      {retention.data && <KeepTable retention={retention.data} {...(maySet && { onChange: setKept })} />}
      <ChangeLimitModal
        accountId={accountId}
        limit={changed}
        onClose={() => setChanged(null)}
        onChanged={() => queryClient.invalidateQueries({ queryKey: ['limits', accountId] })}
      />
      <ChangeKeepModal
        accountId={accountId}
        retention={retention.data}
        row={kept}
        onClose={() => setKept(null)}
        onChanged={() =>
          Promise.all([
            queryClient.invalidateQueries({ queryKey: ['retention'] }),
            queryClient.invalidateQueries({ queryKey: ['accounts'] }),
          ])
        }
      />
    </>
  );
}
