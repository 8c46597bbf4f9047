import { Group, Stack, Text } from '@mantine/core';
import type { Catalog } from '../../api/catalog.ts';
import type { EventDetail } from '../../api/events.ts';
import { BodyText } from '../../ui/body-text.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ExactFact, Fact, Facts } from '../../ui/facts.tsx';
import { indentJson } from '../../ui/indent-json.ts';
import { Instant } from '../../ui/instant.tsx';
import { keptInWords } from '../../ui/kept/kept-words.ts';
import { kindOf } from '../../ui/webhook-words.ts';

export interface EventFactsProps {
  readonly event: EventDetail;
  readonly catalog: Catalog | undefined;
}

/** Every field that came in, exactly. */
export function EventFacts({ event, catalog }: EventFactsProps) {
  const product = catalog?.products.find(({ id }) => id === event.product);
  return (
    <Stack gap="lg">
      <Facts>
        <Fact name="Kind">{kindOf(event)}</Fact>
        <ExactFact name="Event ID" text={event.id} />
        <ExactFact name="Message ID" text={event.messageId} />
        <ExactFact name="Transaction ID" text={event.transactionId} />
        <ExactFact name="Mobile Number" text={event.mobileNumber} />
        <ExactFact name="User ID" text={event.userId} />
        <Fact name="Profile name">{event.profileName}</Fact>
        <ExactFact name={product?.numberLabel ?? 'Own number'} text={event.productUniqueId} />
        <Fact name="Part">{event.part === null ? null : String(event.part)}</Fact>
        <Fact name="Status">{event.status}</Fact>
        <Fact name="Error code">
          {event.errorCode !== null && <span className="exact">{event.errorCode}</span>}
        </Fact>
        <Time name="Received" at={event.receivedTime} />
        <Time name="Sent" at={event.sentTime} />
        <Time name="Delivered" at={event.deliveredTime} />
        <Time name="Read" at={event.readTime} />
        <Time name="Accepted here" at={event.acceptedAt} />
        <Fact name="Kept">{keptInWords(event)}</Fact>
      </Facts>
      <Json label="Message" text={event.message} />
      <Json label="Attributes" text={event.attributes} />
    </Stack>
  );
}

/** In the reader's own time, with the exact instant beside it. */
function Time({ name, at }: { readonly name: string; readonly at: string | null }) {
  return (
    <Fact name={name}>
      {at !== null && (
        <>
          <Instant at={at} />
          <Text size="xs" className="muted exact">
            {at}
          </Text>
        </>
      )}
    </Fact>
  );
}

/** Laid out to be read; copied as it came. */
function Json({ label, text }: { readonly label: string; readonly text: string | null }) {
  if (text === null) return null;
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <CopyButton text={text} what={`the ${label.toLowerCase()}`} />
      </Group>
      <BodyText text={indentJson(text)} label={label} />
    </div>
  );
}
