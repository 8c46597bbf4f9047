import { Code, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { catalogQuery } from '../../api/catalog.ts';
import { TextLink } from '../../ui/links.tsx';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import type { GuideProps } from './guide-props.ts';
import { PlainTable } from './parts/plain-table.tsx';

export function ErrorsGuide({ accountId }: GuideProps) {
  const { data: catalog, error, refetch } = useQuery(catalogQuery);
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!catalog) return <Loading />;
  return (
    <>
      <p>
        Every failed attempt says which of these it was. The name opens the deliveries whose last attempt
        failed by it.
      </p>
      <PlainTable
        minWidth={560}
        head={['Error', 'What to do']}
        rows={catalog.errorClasses.map(({ id, title, advice }) => [
          <div key={id}>
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <TextLink to="/a/$accountId/deliveries" params={{ accountId }} search={{ errorClass: id }}>
              <Code>{id}</Code>
            </TextLink>
          </div>,
          advice,
        ])}
      />
    </>
  );
}
