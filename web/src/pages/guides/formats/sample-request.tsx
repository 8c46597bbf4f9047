import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { previewWebhook, type WebhookInput } from '../../../api/webhook-form.ts';
import { Loading } from '../../../ui/loading.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { RequestView } from '../../../ui/request-view.tsx';
import type { Chosen } from './chosen.ts';

export interface SampleRequestProps {
  readonly accountId: string;
  readonly chosen: Chosen;
}

/** The request for the chosen sample, as the gateway renders it. */
export function SampleRequest({ accountId, chosen }: SampleRequestProps) {
  const { data: request, error, refetch } = useQuery(sampleQuery(accountId, chosen));
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  return request ? <RequestView request={request} /> : <Loading rows={5} />;
}

function sampleQuery(accountId: string, { product, reportType, method, moFormat, sample }: Chosen) {
  const names = reportType.fields.map(({ name, example }) => [name, example]);
  const input = {
    product: product.id,
    reportType: reportType.id,
    method: method.id,
    url: 'https://example.com/hook',
    ...(names.length > 0 && { parameterNames: Object.fromEntries(names) }),
    ...(reportType.id === 'mo' && { settings: { moFormat } }),
  } as WebhookInput;
  return queryOptions({
    queryKey: ['sample', accountId, input, sample?.name],
    queryFn: ({ signal }) =>
      previewWebhook(
        { accountId, webhookId: null, input, event: JSON.stringify(sample?.event ?? {}) },
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}
