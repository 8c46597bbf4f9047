import { Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Catalog } from '../../api/catalog.ts';
import type { NameAndValue, TrialAnswer } from '../../api/webhook-form.ts';
import { LinkButton } from '../../ui/links.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { TestResponse } from '../../ui/test-response.tsx';
import { AlertFields } from './alert-fields.tsx';
import { BasicFields } from './basic-fields.tsx';
import { DeliverySettings } from './delivery-settings.tsx';
import { type Draft, inputOf } from './draft.ts';
import { LeaveGuard } from './leave-guard.tsx';
import { ParameterNames } from './parameter-names.tsx';
import { RequestPreview } from './request-preview.tsx';
import { RowsField } from './rows-field.tsx';
import type { SettingsDraft } from './settings-draft.ts';
import { type Send, useActions } from './use-actions.ts';
import { usePreview } from './use-preview.ts';
import { useSampleEvent } from './use-sample-event.ts';
import { useWebhookForm } from './use-webhook-form.ts';
import classes from './webhook-form.module.css';

export interface WebhookFormProps {
  readonly accountId: string;
  readonly catalog: Catalog;
  readonly initial: Draft;
  /** The webhook that is edited. */
  readonly saved: { readonly id: string; readonly customHeaders: readonly NameAndValue[] } | null;
  /** Settings that another page proposes: written into the form, and not saved yet. */
  readonly proposed?: Partial<SettingsDraft>;
  readonly saveLabel: string;
  readonly onSave: Send;
  /** Shown with the error of a save that failed; a way out of it. */
  readonly renderFailure?: (error: unknown, saveBy: (send: Send) => void) => ReactNode;
}

const noHeaders: readonly NameAndValue[] = [];

/** The page of Add webhook and of Edit webhook: the form, and beside it the request that it makes. */
export function WebhookForm(props: WebhookFormProps) {
  const { accountId, catalog, initial, saved, saveLabel, onSave } = props;
  const form = useWebhookForm(initial, catalog, saved?.customHeaders ?? noHeaders, props.proposed);
  const sample = useSampleEvent(form);
  const webhookId = saved?.id ?? null;
  const preview = usePreview(form, { accountId, webhookId, event: sample.event });
  const [settingsOpened, setSettingsOpened] = useState(props.proposed !== undefined);
  const element = useRef<HTMLFormElement>(null);
  // What somebody came for is seen at once.
  useEffect(() => element.current?.querySelector<HTMLElement>('[data-proposed]')?.focus(), []);
  const [attention, setAttention] = useState(0);
  useEffect(() => {
    if (attention > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attention]);
  const actions = useActions(form, {
    trialOf: () => ({
      accountId,
      webhookId,
      input: inputOf(form.draft, catalog),
      event: sample.event ?? '{}',
    }),
    onSave,
    onWrong(paths) {
      if (paths.some((path) => path.startsWith('settings.'))) setSettingsOpened(true);
      setAttention((before) => before + 1);
    },
  });
  const { limits } = catalog.settings;
  const isAlerts = form.choice.product.audience === 'operations';

  return (
    <div className={classes.columns}>
      <Paper
        withBorder
        p="lg"
        component="form"
        ref={element}
        noValidate
        aria-label="Webhook"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          actions.save();
        }}
      >
        {isAlerts ? <AlertFields form={form} /> : <BasicFields form={form} accountId={accountId} />}
        {form.choice.reportType.fields.length > 0 && (
          <div className={classes.section}>
            <ParameterNames form={form} />
          </div>
        )}
        <Stack gap="md" className={classes.section}>
          <RowsField
            form={form}
            field="customParameters"
            label="Add Custom Parameters"
            one="Custom parameter"
            description="Fixed values that every request carries."
            namePlaceholder="tenant"
          />
          <RowsField
            form={form}
            field="customHeaders"
            label="Add Custom Headers"
            one="Custom header"
            description="Such as a key that your endpoint asks for. Hidden once saved."
            namePlaceholder="X-Api-Key"
          />
        </Stack>
        <div className={classes.section}>
          <Textarea
            label="Description"
            description="For yourselves: it helps to find the webhook."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autosize
            minRows={1}
            maxRows={4}
            maxLength={limits.descriptionLength}
            value={form.draft.description}
            onChange={(event) => form.set({ description: event.currentTarget.value }, 'description')}
            error={form.errorAt('description')}
          />
        </div>
        <div className={classes.section}>
          <DeliverySettings
            form={form}
            opened={settingsOpened}
            onToggle={() => setSettingsOpened((opened) => !opened)}
          />
        </div>
        {actions.failure !== null && (
          <IntoView of={actions.failure} className={classes.section}>
            {props.renderFailure?.(actions.failure, actions.saveBy) ?? (
              <ProblemNotice error={actions.failure} />
            )}
          </IntoView>
        )}
        <Group className={classes.actions} gap="xs">
          <Button type="submit" px="sm" loading={actions.isSaving}>
            {saveLabel}
          </Button>
          <Button variant="default" px="sm" loading={actions.isTesting} onClick={actions.test}>
            Test Webhook
          </Button>
          <LinkButton
            variant="subtle"
            color="gray"
            px="xs"
            visibleFrom="xs"
            {...(saved
              ? { to: '/a/$accountId/webhooks/$webhookId', params: { accountId, webhookId: saved.id } }
              : { to: isAlerts ? '/a/$accountId/alerts' : '/a/$accountId/webhooks', params: { accountId } })}
          >
            Cancel
          </LinkButton>
          <Text size="sm" role="status" c="var(--mantine-color-error)">
            {actions.note}
          </Text>
        </Group>
      </Paper>
      <Stack gap="lg" className={classes.beside}>
        <TestSection answer={actions.answer} isOld={actions.isOldAnswer} />
        <RequestPreview form={form} sample={sample} preview={preview} />
      </Stack>
      <LeaveGuard isUnsaved={() => form.changed && !actions.isSaved()} />
    </div>
  );
}

interface TestSectionProps {
  readonly answer: TrialAnswer | null;
  readonly isOld: boolean;
}

/** Whatever somebody asked for comes into view when it is there, on a small screen too. */
function TestSection({ answer, isOld }: TestSectionProps) {
  return (
    <div aria-live="polite" hidden={!answer}>
      {answer && (
        <IntoView of={answer}>
          <Paper withBorder p="lg">
            {isOld && (
              <Text size="sm" className="muted" mb="xs">
                The form was changed after this test.
              </Text>
            )}
            <TestResponse answer={answer} />
          </Paper>
        </IntoView>
      )}
    </div>
  );
}

interface IntoViewProps {
  /** Comes into view when it is another one. */
  readonly of: unknown;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

function IntoView({ of, className, children }: IntoViewProps) {
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new one is to be seen
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
  }, [of]);
  return (
    <div ref={place} className={`${classes.intoView} ${className ?? ''}`}>
      {children}
    </div>
  );
}
