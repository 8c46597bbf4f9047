import { Accordion, Group, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Catalog } from '../../api/catalog.ts';
import type { Attempt } from '../../api/deliveries.ts';
import { duration } from '../../ui/response-view.tsx';
import { AttemptView } from './attempt-view.tsx';
import { answerWord, timeAndDay } from './row-words.ts';

export interface AttemptListProps {
  readonly deliveryId: string;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  readonly catalog: Catalog | undefined;
  /** The contents of the event are there, and with them what was sent and answered. */
  readonly isWhole: boolean;
}

/** Every attempt, newest first; the newest stands open. */
export function AttemptList({ deliveryId, attempts, catalog, isWhole }: AttemptListProps) {
  const newest = attempts.at(-1)?.number;
  const [opened, setOpened] = useState<string[]>([]);
  const [shown, setShown] = useState<number>();
  // The newest opens when it comes; what else is open stays so.
  if (newest !== shown) {
    setShown(newest);
    setOpened((others) => [...others, String(newest)]);
  }

  return (
    <section aria-label="Attempts">
      <Title order={3} size="h5" mb="xs">
        Attempts
      </Title>
      {attempts.length === 0 ? (
        <Text size="sm" className="muted">
          None.
        </Text>
      ) : (
        <Accordion multiple variant="contained" value={opened} onChange={setOpened} order={4}>
          {attempts.toReversed().map((attempt) => (
            <Accordion.Item key={attempt.number} value={String(attempt.number)}>
              <Accordion.Control>
                <AttemptHead attempt={attempt} />
              </Accordion.Control>
              <Accordion.Panel>
                {opened.includes(String(attempt.number)) && (
                  <AttemptView
                    deliveryId={deliveryId}
                    attempt={attempt}
                    before={attempts[attempt.number - 2]}
                    catalog={catalog}
                    isWhole={isWhole}
                  />
                )}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </section>
  );
}

function AttemptHead({ attempt }: { readonly attempt: Attempt }) {
  const [time, day] = timeAndDay(attempt.startedAt);
  return (
    <Group gap="sm" wrap="wrap">
      <Text component="span" size="sm" fw={600}>
        {attempt.number}
      </Text>
      <Text component="span" size="sm" className="exact">
        {answerWord(attempt)}
      </Text>
      <Text component="span" size="sm" className="muted">
        {duration(attempt.durationMs)} · {day}, {time}
        {attempt.manual && ' · by hand'}
      </Text>
    </Group>
  );
}
