import { Alert, Code, Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Catalog, catalogQuery } from '../../api/catalog.ts';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { useTextSearch } from '../../ui/use-text-search.ts';
import { chosenIn } from './formats/chosen.ts';
import { SampleRequest } from './formats/sample-request.tsx';
import type { GuideProps } from './guide-props.ts';
import { PlainTable } from './parts/plain-table.tsx';
import { Section } from './parts/prose.tsx';

/** The catalogue of events: every kind, by every method, as the gateway itself renders it. */
export function FormatsGuide({ accountId }: GuideProps) {
  const { data: catalog, error, refetch } = useQuery(catalogQuery);
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  return catalog ? <Formats accountId={accountId} catalog={catalog} /> : <Loading />;
}

function Formats({ accountId, catalog }: GuideProps & { readonly catalog: Catalog }) {
  const [search, change] = useTextSearch();
  const chosen = chosenIn(catalog, search);
  if (!chosen) return <Alert color="gray">This gateway has no products.</Alert>;
  const { product, reportType, method, moFormat, sample } = chosen;
  const methods = catalog.methods.filter(({ id }) => reportType.methods.includes(id));

  return (
    <>
      <p>
        Choose a kind of event and a method. The request below is made by the gateway, with example names, as
        a webhook without further settings would send it.
      </p>
      <Group gap="sm" align="flex-end" my="md">
        <Choice
          label="Product"
          choices={catalog.products.map(({ id, name }) => ({ value: id, label: name }))}
          value={product.id}
          onChange={(id) => change({ product: id, type: '', sample: '', mo: '' })}
        />
        <Choice
          label="Report type"
          choices={product.reportTypes.map(({ id, label }) => ({ value: id, label }))}
          value={reportType.id}
          onChange={(id) => change({ type: id, sample: '', mo: '' })}
        />
        <Choice
          label="Event"
          choices={reportType.samples.map(({ name, title }) => ({ value: name, label: title }))}
          value={sample?.name ?? null}
          onChange={(name) => change({ sample: name })}
        />
        <Choice
          label="Method"
          choices={methods.map(({ id, label }) => ({ value: id, label }))}
          value={method.id}
          onChange={(id) => change({ method: id, mo: '' })}
        />
        {reportType.id === 'mo' && method.id === 'JSON' && (
          <Choice
            label="Format of the message"
            wide
            choices={catalog.settings.choices.moFormat.map(({ id, label }) => ({ value: id, label }))}
            value={moFormat}
            onChange={(id) => change({ mo: id })}
          />
        )}
      </Group>
      <p>{method.description}</p>
      <SampleRequest accountId={accountId} chosen={chosen} />
      {reportType.fields.length > 0 && (
        <Section title="Fields">
          <p>You choose their names. A value that is not known is sent empty, in JSON as null.</p>
          <PlainTable
            minWidth={560}
            head={['Field', 'Example name', 'Holds']}
            rows={reportType.fields.map(({ name, label, required, example, description }) => [
              <Stack key={name} gap={0}>
                {label}
                {!required && <span className="muted">may be left out</span>}
              </Stack>,
              <Code key="example">{example}</Code>,
              description,
            ])}
          />
        </Section>
      )}
      {reportType.statuses !== null && (
        <Section title="Statuses">
          <Group gap={6} my="xs">
            {reportType.statuses.map((status) => (
              <Code key={status}>{status}</Code>
            ))}
          </Group>
          <p>A later one says more than those before it. A webhook may ask for some of them only.</p>
        </Section>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly value: string | null;
  readonly onChange: (value: string) => void;
  readonly wide?: boolean;
}

function Choice({ label, choices, value, onChange, wide = false }: ChoiceProps) {
  return (
    <Select
      label={label}
      w={wide ? 220 : 170}
      data={choices}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => {
        if (chosen !== null) onChange(chosen);
      }}
    />
  );
}
