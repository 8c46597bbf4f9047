import { Paper, SimpleGrid, Text, Title } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { PageHeader } from '../../ui/page-header.tsx';
import { guides } from './guides.ts';
import classes from './parts/prose.module.css';

export function GuidesPage() {
  const { accountId } = useParams({ from: '/signed-in/a/$accountId/guides' });
  return (
    <>
      <PageHeader title="Guides">Short answers for those who build the endpoint.</PageHeader>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {guides.map(({ id, title, about }) => (
          <Link
            key={id}
            to="/a/$accountId/guides/$guide"
            params={{ accountId, guide: id }}
            className={classes.plain ?? ''}
            style={{ textDecoration: 'none', color: 'inherit' }}
          >
            <Paper withBorder p="lg" className={classes.card ?? ''}>
              <Title order={2} size="h5" mb={4}>
                {title}
              </Title>
              <Text size="sm" className="muted">
                {about}
              </Text>
            </Paper>
          </Link>
        ))}
      </SimpleGrid>
    </>
  );
}
