import { Divider, Group } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { EmptyState } from '../../ui/empty-state.tsx';
import { TextLink } from '../../ui/links.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { guides } from './guides.ts';
import { Prose } from './parts/prose.tsx';

export function GuidePage() {
  const { accountId, guide: id } = useParams({ from: '/signed-in/a/$accountId/guides/$guide' });
  const at = guides.findIndex((guide) => guide.id === id);
  const guide = guides[at];
  const next = guides[at + 1];
  const all = (
    <TextLink to="/a/$accountId/guides" params={{ accountId }}>
      All guides
    </TextLink>
  );
  if (!guide) {
    return (
      <>
        <PageHeader title="Guides" />
        <EmptyState title="There is no such guide" action={all} />
      </>
    );
  }

  return (
    <article>
      <Group mb="xs">{all}</Group>
      <PageHeader title={guide.title}>{guide.about}</PageHeader>
      <Prose>
        <guide.Body accountId={accountId} />
        <Divider my="xl" />
        {next ? (
          <p>
            Next:{' '}
            <TextLink to="/a/$accountId/guides/$guide" params={{ accountId, guide: next.id }}>
              {next.title}
            </TextLink>
          </p>
        ) : (
          <p>
            Every call, field and limit stands in the <a href="/docs">API reference</a>.
          </p>
        )}
      </Prose>
    </article>
  );
}
