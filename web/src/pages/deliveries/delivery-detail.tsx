import { Button, CloseButton, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Ref, useEffect, useEffectEvent, useId } from 'react';
import { catalogQuery } from '../../api/catalog.ts';
import { type Delivery, type DeliveryDetail as Detail, deliveryQuery } from '../../api/deliveries.ts';
import { webhookQuery } from '../../api/webhooks.ts';
import { ExactFact, Fact, Facts } from '../../ui/facts.tsx';
import { Instant } from '../../ui/instant.tsx';
import { GoneNotice } from '../../ui/kept/gone-notice.tsx';
import { keptInWords } from '../../ui/kept/kept-words.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { kindOf } from '../../ui/webhook-words.ts';
import { AttemptList } from './attempt-list.tsx';
import classes from './deliveries.module.css';
import { OutlookNotice } from './outlook-notice.tsx';
import { reportWord } from './row-words.ts';

export interface DeliveryDetailProps {
  readonly accountId: string;
  readonly id: string;
  /** As the list has it, until the whole comes. */
  readonly known: Delivery | undefined;
  readonly mayReplay: boolean;
  readonly replaying: boolean;
  readonly replayError: unknown;
  readonly onReplay: () => void;
  readonly onClose: () => void;
  /** The delivery as it is now, for the list beside it. */
  readonly onKnown: (delivery: Detail) => void;
  readonly sectionRef: Ref<HTMLElement>;
}

/** One delivery beside the list: what it is, what comes next, and each attempt. */
export function DeliveryDetail(props: DeliveryDetailProps) {
  const { accountId, id, known, mayReplay, replaying, replayError, onReplay, onClose, onKnown, sectionRef } =
    props;
  const { data, error, refetch } = useQuery(deliveryQuery(id));
  const titleId = useId();
  const tell = useEffectEvent(onKnown);
  useEffect(() => {
    if (data) tell(data);
  }, [data]);
  const shown = data ?? known;
  return (
    <section
      ref={sectionRef}
      className={`${classes.panel} ${classes.detail}`}
      aria-labelledby={titleId}
      tabIndex={-1}
      data-testid="detail"
    >
      <div className={classes.bar}>
        <Group gap="sm" wrap="nowrap">
          <Button hiddenFrom="md" size="xs" variant="default" onClick={onClose} aria-label="Back to the list">
            Back
          </Button>
          <Title order={2} size="h5" id={titleId} className={classes.detailTitle ?? ''}>
            Delivery
          </Title>
          {shown && <StateBadge state={shown.state} />}
        </Group>
        <Group gap="xs" wrap="nowrap">
          {mayReplay && shown && (
            <Button
              size="xs"
              variant="default"
              onClick={onReplay}
              loading={replaying}
              disabled={shown.contents !== 'kept'}
            >
              Replay
            </Button>
          )}
          <CloseButton visibleFrom="md" aria-label="Close the delivery" onClick={onClose} />
        </Group>
      </div>
      <div className={classes.detailBody}>
        {replayError !== null && replayError !== undefined && <ProblemNotice error={replayError} />}
        {data ? (
          <Whole accountId={accountId} delivery={data} />
        ) : error ? (
          <ProblemNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading />
        )}
      </div>
    </section>
  );
}

function Whole({ accountId, delivery }: { readonly accountId: string; readonly delivery: Detail }) {
  const { data: webhook = null } = useQuery({ ...webhookQuery(delivery.webhookId), retry: false });
  const { data: catalog } = useQuery(catalogQuery);
  const { id, eventId, webhookId, finishedAt, attempts } = delivery;
  const number = catalog?.products.find((product) => product.id === delivery.product)?.numberLabel;
  return (
    <Stack gap="lg">
      <GoneNotice of={delivery} />
      <OutlookNotice delivery={delivery} attempts={attempts} webhook={webhook} catalog={catalog} />
      <Facts>
        <Fact name="Webhook">
          <TextLink
            to="/a/$accountId/webhooks/$webhookId"
            params={{ accountId, webhookId }}
            className="exact"
            size="sm"
          >
            {webhook?.url ?? webhookId}
          </TextLink>
          <Text size="xs" className="muted">
            {kindOf(delivery)}
            {webhook && ` · ${webhook.method} · ${webhook.status}`}
          </Text>
        </Fact>
        <ExactFact name="Message ID" text={delivery.messageId} />
        <ExactFact name="Transaction ID" text={delivery.transactionId} />
        <ExactFact name="Mobile Number" text={delivery.mobileNumber} />
        <ExactFact name={number ?? 'Own number'} text={delivery.productUniqueId} />
        <Fact name="Report">
          {reportWord(delivery)}
          {delivery.errorCode !== null && (
            <>
              , error code <span className="exact">{delivery.errorCode}</span>
            </>
          )}
        </Fact>
        <Fact name="Accepted">
          <Instant at={delivery.acceptedAt} />
        </Fact>
        <Fact name="Finished">{finishedAt !== null && <Instant at={finishedAt} />}</Fact>
        <Fact name="Kept">{keptInWords(delivery)}</Fact>
        <ExactFact name="Delivery ID" text={id} />
        <Fact name="Event">
          <TextLink
            to="/a/$accountId/events/$eventId"
            params={{ accountId, eventId }}
            className="exact"
            size="sm"
          >
            {eventId}
          </TextLink>
        </Fact>
      </Facts>
      <AttemptList
        key={id}
        deliveryId={id}
        attempts={attempts}
        catalog={catalog}
        isWhole={delivery.contents === 'kept'}
      />
    </Stack>
  );
}
