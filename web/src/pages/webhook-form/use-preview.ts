import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isMasked } from '#shared/header-mask.ts';
import { type PreviewedRequest, previewWebhook, type Trial } from '../../api/webhook-form.ts';
import { type Draft, inputOf, withExampleNames } from './draft.ts';
import { labelOf } from './labels.ts';
import { problemsOf } from './rules.ts';
import { errorsByPath } from './server-errors.ts';
import type { WebhookForm } from './use-webhook-form.ts';

/** How long typing must pause before the gateway is asked. */
const pauseMs = 250;

/** What stands beside the form. */
export interface Preview {
  /** The last good one; `null` as long as there was none. */
  readonly request: PreviewedRequest | null;
  /**
   * `exact`: what is in the form; `examples`: examples stand for what is missing; `earlier`: as it was before
   * something went missing or wrong.
   */
  readonly is: 'exact' | 'examples' | 'earlier';
  readonly missing: readonly string[];
  readonly wrong: readonly string[];
  /** What went wrong beside the input. */
  readonly error: unknown;
}

export interface PreviewOptions {
  readonly accountId: string;
  readonly webhookId: string | null;
  /** JSON; `null`: what is written cannot be read as an event. */
  readonly event: string | null;
}

const exampleUrl = 'https://example.com/webhooks';

/** The exact request for what is in the form, from the gateway itself, as one types. */
export function usePreview(form: WebhookForm, { accountId, webhookId, event }: PreviewOptions): Preview {
  const { draft, catalog, choice, problems, savedHeaders, setPreviewErrors } = form;
  const subject = `${choice.product.id} ${choice.reportType.id}`;
  const [good, setGood] = useState<{ request: PreviewedRequest; exact: boolean; subject: string } | null>(
    null,
  );
  const isFirst = good === null || !good.exact || good.subject !== subject;

  const complete = Object.keys(problems).length === 0;
  const filled = complete || !isFirst ? draft : withExamples(draft, form);
  const sendable =
    complete || (isFirst && Object.keys(problemsOf(filled, { catalog, savedHeaders })).length === 0);
  const trial: Trial | null =
    sendable && event !== null ? { accountId, webhookId, input: inputOf(filled, catalog), event } : null;
  const key = trial === null ? null : JSON.stringify(trial);
  const [asked] = useDebouncedValue(key, pauseMs);
  const { data, error, isError } = useQuery({
    queryKey: ['preview', asked],
    queryFn: ({ signal }) => previewWebhook(JSON.parse(asked ?? '{}') as Trial, signal),
    enabled: asked !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

  useEffect(() => {
    if (data && asked === key) setGood({ request: data, exact: complete, subject });
  }, [data, asked, key, complete, subject]);
  const refused = isError ? error : null;
  useEffect(() => setPreviewErrors(errorsByPath(refused)), [refused, setPreviewErrors]);

  const byPath = Object.keys(errorsByPath(refused));
  const label = (path: string) => labelOf(path, draft, catalog);
  const wrong = Object.entries(problems).filter(([, { missing }]) => !missing);
  return {
    request: good?.request ?? null,
    is: key === null || refused !== null ? 'earlier' : complete ? 'exact' : 'examples',
    missing: Object.entries(problems).flatMap(([path, { missing }]) => (missing ? [label(path)] : [])),
    wrong: [...wrong.map(([path]) => label(path)), ...byPath.filter((path) => path !== '').map(label)],
    error: refused !== null && byPath.length === 0 ? refused : null,
  };
}

/** Examples in place of what is not there yet; what is hidden in a copied webhook is not there either. */
function withExamples(draft: Draft, { catalog, savedHeaders }: WebhookForm): Draft {
  const named = withExampleNames(draft, catalog);
  const { on, rows } = draft.customHeaders;
  const shown = rows.map((row) => (isMasked(row.value) ? { ...row, value: 'value' } : row));
  return {
    ...named,
    url: draft.url === '' ? exampleUrl : draft.url,
    customHeaders: savedHeaders.length > 0 ? draft.customHeaders : { on, rows: shown },
  };
}
