import { Alert, Button, List, Text } from '@mantine/core';
import { problemOf } from '../api/problem.ts';

export interface ProblemNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, in the gateway's own words, and a way to try again. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  const { title, detail, errors = [] } = problemOf(error);
  return (
    <Alert color="red" variant="light" title={title} role="alert">
      <Text size="sm">{detail}</Text>
      {errors.length > 0 && (
        <List size="sm" mt="xs">
          {errors.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {path === '' ? '' : <b>{path} </b>}
              {message}
            </List.Item>
          ))}
        </List>
      )}
      {onRetry && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
