import { Button, Popover, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { isoOf, localText } from '../../ui/local-time.ts';
import { presets, rangeWords, type TimeRange } from './time-range.ts';

export interface TimeFilterProps {
  readonly range: TimeRange;
  /** Empty texts: no limit. */
  readonly onChange: (range: { from: string; to: string }) => void;
}

/** When deliveries were accepted: a time that ends now, or from and until. */
export function TimeFilter({ range, onChange }: TimeFilterProps) {
  const [opened, { toggle, close }] = useDisclosure();

  function choose(from: string, to: string) {
    onChange({ from, to });
    close();
  }

  return (
    <Popover
      opened={opened}
      onDismiss={close}
      position="bottom-start"
      trapFocus
      withRoles
      shadow="md"
      width={300}
    >
      <Popover.Target>
        <Button variant="default" fw={400} onClick={toggle} justify="space-between" rightSection={<Down />}>
          {rangeWords(range)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time of acceptance">
        <Stack gap="sm">
          <SimpleGrid cols={2} spacing="xs" verticalSpacing="xs">
            <Button size="xs" variant="default" onClick={() => choose('', '')}>
              Any time
            </Button>
            {presets.map(({ id, label, ms }) => (
              <Button
                key={id}
                size="xs"
                variant="default"
                onClick={() => choose(new Date(Date.now() - ms).toISOString(), '')}
              >
                {label}
              </Button>
            ))}
          </SimpleGrid>
          <CustomRange key={`${range.from} ${range.to}`} range={range} onChoose={choose} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Down() {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="m2.5 4.5 3.5 3.5 3.5-3.5" strokeWidth="1.5" />
    </svg>
  );
}

interface CustomRangeProps {
  readonly range: TimeRange;
  readonly onChoose: (from: string, to: string) => void;
}

function CustomRange({ range, onChoose }: CustomRangeProps) {
  const [from, setFrom] = useState(() => localText(range.from));
  const [to, setTo] = useState(() => localText(range.to));
  const backwards = from !== '' && to !== '' && isoOf(to) <= isoOf(from);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!backwards) onChoose(isoOf(from), isoOf(to));
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <TextInput
          type="datetime-local"
          step={1}
          label="From"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          step={1}
          label="Until"
          description="Empty: up to now, and live"
          value={to}
          error={backwards && 'Must be later than the beginning.'}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" size="xs">
          Show this time
        </Button>
      </Stack>
    </form>
  );
}
