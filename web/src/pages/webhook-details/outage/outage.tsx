import { Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { type Webhook, waitingQuery } from '../../../api/webhooks.ts';
import { Instant } from '../../../ui/instant.tsx';
import { TaskProgress } from '../../../ui/task-progress.tsx';
import { useToggle } from '../details-header.tsx';
import { RecoverForm } from '../recovery/recover-form.tsx';
import { TestWebhook } from '../test/test-webhook.tsx';
import classes from './outage.module.css';
import { outageOf, waitsWords } from './outage-words.ts';
import { Step } from './step.tsx';
import type { SeenOutage } from './use-seen-outage.ts';

export interface OutageProps {
  readonly webhook: Webhook;
  readonly memory: SeenOutage;
  readonly mayWrite: boolean;
  readonly mayReplay: boolean;
}

/**
 * Why nothing arrives, and the way out of it: test, enable, send again what was missed. It stays until it is closed
 * once it was shown.
 */
export function Outage({ webhook, memory, mayWrite, mayReplay }: OutageProps) {
  const { seen, taskId, setTaskId } = memory;
  const outage = outageOf(webhook);
  const heading = useId();
  const { data: waiting } = useQuery({ ...waitingQuery(webhook.id), enabled: outage !== null });
  if (!outage && !seen) return null;

  const missedSince = outage?.since ?? seen?.since ?? null;
  const tone = outage === null ? 'good' : outage.colour === 'red' ? 'bad' : 'off';
  return (
    <Paper
      withBorder
      component="section"
      aria-labelledby={heading}
      p="md"
      className={classes.outage ?? ''}
      data-tone={tone}
    >
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h5" id={heading}>
            {outage ? outage.title : 'Enabled, and the endpoint does not fail'}
          </Title>
          {!outage && (
            <Button size="compact-xs" variant="default" onClick={memory.close}>
              Close
            </Button>
          )}
        </Group>
        <Text size="sm" component="div">
          {outage ? outage.text : 'What was given up meanwhile can be sent again.'}
          {outage?.since && (
            <>
              {' '}
              Since <Instant at={outage.since} />.
            </>
          )}{' '}
          {outage && waitsWords(webhook, waiting)}
        </Text>
        {mayWrite && (
          <ol className={classes.steps}>
            <Step title="Test the endpoint" open={outage !== null}>
              <TestWebhook webhook={webhook} />
            </Step>
            {webhook.status === 'disabled' && <Enable webhook={webhook} />}
            {mayReplay && (
              <Step title="Send again what was missed" open={outage === null}>
                <Text size="sm" mb="sm">
                  Deliveries that were given up meanwhile are not sent by themselves.
                </Text>
                <RecoverForm
                  key={missedSince ?? ''}
                  webhook={webhook}
                  since={missedSince === null ? undefined : Date.parse(missedSince)}
                  onStarted={setTaskId}
                />
                {taskId !== null && (
                  <Box mt="md">
                    <TaskProgress taskId={taskId} onDismiss={() => setTaskId(null)} />
                  </Box>
                )}
              </Step>
            )}
          </ol>
        )}
      </Stack>
    </Paper>
  );
}

function Enable({ webhook }: { readonly webhook: Webhook }) {
  const toggle = useToggle(webhook);
  return (
    <Step title="Enable the webhook" open>
      <Text size="sm" mb="sm">
        What waits is sent at once, within the webhook's limits.
      </Text>
      <Button loading={toggle.isPending} onClick={() => toggle.mutate()}>
        Enable
      </Button>
    </Step>
  );
}
