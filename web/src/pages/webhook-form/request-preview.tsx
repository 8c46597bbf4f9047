import {
  Button,
  Collapse,
  Group,
  Paper,
  Select,
  Skeleton,
  Stack,
  Text,
  Textarea,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { CopyButton } from '../../ui/copy-button.tsx';
import { curlOf } from '../../ui/curl.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Warnings } from '../../ui/warnings.tsx';
import { WireText } from '../../ui/wire-text.tsx';
import { inPlace } from './in-place.ts';
import type { Preview } from './use-preview.ts';
import type { SampleEvent } from './use-sample-event.ts';
import type { WebhookForm } from './use-webhook-form.ts';

export interface RequestPreviewProps {
  readonly form: WebhookForm;
  readonly sample: SampleEvent;
  readonly preview: Preview;
}

/** The exact request, and the event that it is for. */
export function RequestPreview({ form, sample, preview }: RequestPreviewProps) {
  const { request } = preview;
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="request">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} size="h5" id="request">
            The request
          </Title>
          {request && <CopyButton text={curlOf(request)} what="as curl" label="Copy as curl" />}
        </Group>
        <SampleEventFields form={form} sample={sample} />
        <Completeness preview={preview} />
        {request && <Warnings warnings={request.warnings} />}
        {request && <WireText request={request} label="The request as it is sent" />}
        {!request && preview.is !== 'earlier' && <Skeleton height={180} />}
        {preview.error !== null && <ProblemNotice error={preview.error} />}
        <Text size="xs" className="muted">
          The id, the time and the signature are examples. A saved webhook signs with its own secret.
        </Text>
      </Stack>
    </Paper>
  );
}

const earlier = 'Shown as it was before.';

/** What is missing or wrong, and what is shown meanwhile. */
function Completeness({ preview }: { readonly preview: Preview }) {
  const { is, missing, wrong } = preview;
  if (is === 'exact') return null;
  const parts = [
    ...(missing.length > 0 ? [`Missing: ${listed(missing)}.`] : []),
    ...(wrong.length > 0 ? [`To correct: ${listed(wrong)}.`] : []),
  ];
  const meanwhile = is === 'examples' ? 'Examples stand in their place.' : preview.request ? earlier : '';
  if (parts.length === 0) return null;
  return (
    <Text size="sm" className="muted">
      {parts.join(' ')} {meanwhile}
    </Text>
  );
}

const mostListed = 3;

function listed(names: readonly string[]): string {
  const named = names.slice(0, mostListed).join(', ');
  return names.length > mostListed ? `${named} and ${names.length - mostListed} more` : named;
}

/** Which event: a sample, or what somebody made of it. */
function SampleEventFields({ form, sample }: { readonly form: WebhookForm; readonly sample: SampleEvent }) {
  const [opened, { toggle }] = useDisclosure();
  const { samples } = form.choice.reportType;
  const refused = Object.keys(sample.refused);
  const error =
    sample.problem ??
    (refused.length > 0 ? refused.map((path) => `${path}: ${sample.refused[path]}`).join(' ') : undefined);
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <Select
          flex={1}
          label="Sample event"
          data={samples.map(({ name, title }) => ({ value: name, label: title }))}
          value={sample.name}
          onChange={(name) => name !== null && sample.choose(name)}
          allowDeselect={false}
          comboboxProps={inPlace}
        />
        <Button variant="default" aria-expanded={opened} aria-controls="event-as-text" onClick={toggle}>
          Edit event
        </Button>
      </Group>
      <div id="event-as-text">
        <Collapse expanded={opened} keepMounted={false}>
          <Stack gap="xs">
            <Textarea
              label="Event, as JSON"
              classNames={{ input: 'exact' }}
              fz="sm"
              autosize
              minRows={4}
              maxRows={18}
              spellCheck={false}
              value={sample.text}
              onChange={(event) => sample.write(event.currentTarget.value)}
              error={error}
            />
            {sample.edited && (
              <div>
                <Button size="compact-sm" variant="default" onClick={() => sample.choose(sample.name)}>
                  Back to the sample
                </Button>
              </div>
            )}
          </Stack>
        </Collapse>
      </div>
      {!opened && error !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      {!opened && sample.edited && error === undefined && (
        <Text size="sm" className="muted">
          The event is edited.
        </Text>
      )}
    </Stack>
  );
}
