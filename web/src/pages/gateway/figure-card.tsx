import { Paper, Text } from '@mantine/core';
import type { Figure } from './figures.ts';
import classes from './gateway.module.css';

export function FigureCard({ figure: { label, value, meaning, advice } }: { readonly figure: Figure }) {
  return (
    <Paper withBorder p="md" className={classes.card ?? ''} data-advice={advice !== null || undefined}>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <Text fz={22} fw={650} className={classes.value ?? ''}>
        {value}
      </Text>
      <Text size="sm" className="muted">
        {meaning}
      </Text>
      {advice !== null && (
        <Text size="sm" mt="xs" role="alert">
          <b>What to do:</b> {advice}
        </Text>
      )}
    </Paper>
  );
}
