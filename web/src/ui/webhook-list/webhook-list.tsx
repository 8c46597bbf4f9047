import { Button, Group } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { WebhookListProps } from './list-props.ts';
import { WebhookCards } from './webhook-cards.tsx';
import { WebhookTable } from './webhook-table.tsx';

/** Rows that are drawn at once. */
const step = 100;

/** A table, on a small screen cards; a hundred at a time. */
export function WebhookList({ rows, ...others }: WebhookListProps) {
  const small = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const [shown, setShown] = useState(step);
  const part = rows.length > shown ? rows.slice(0, shown) : rows;
  return (
    <>
      {small ? <WebhookCards rows={part} {...others} /> : <WebhookTable rows={part} {...others} />}
      {rows.length > shown && (
        <Group justify="center">
          <Button variant="default" onClick={() => setShown(shown + step)}>
            Show {Math.min(step, rows.length - shown)} more of {(rows.length - shown).toLocaleString('en')}
          </Button>
        </Group>
      )}
    </>
  );
}
