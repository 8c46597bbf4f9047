import { Text, Title } from '@mantine/core';
import { Fact, Facts } from '../../../ui/facts.tsx';

export interface NameListProps {
  readonly title: string;
  /** Each with what belongs to it. */
  readonly names: readonly (readonly [string, string])[];
  /** Said below them. */
  readonly note?: string;
  /** The names are exact text too. */
  readonly exactNames?: boolean;
}

/** Names and what belongs to each, under a heading. */
export function NameList({ title, names, note, exactNames = false }: NameListProps) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h6" mb={4}>
        {title}
      </Title>
      {names.length === 0 ? (
        <Text size="sm" className="muted">
          None
        </Text>
      ) : (
        <Facts>
          {names.map(([name, value]) => (
            <Fact key={name} name={exactNames ? <span className="exact">{name}</span> : name}>
              <span className="exact">{value}</span>
            </Fact>
          ))}
        </Facts>
      )}
      {note && names.length > 0 && (
        <Text size="xs" className="muted" mt={6}>
          {note}
        </Text>
      )}
    </section>
  );
}
