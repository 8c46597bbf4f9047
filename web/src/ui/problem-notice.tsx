import { Alert, Button, List, Text } from '@mantine/core';
import { problemWords } from './problem-words.ts';

export interface ProblemNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, in a sentence for people, what to do about it, and a way to try again. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  const { says, detail, advice, wrong } = problemWords(error);
  return (
    <Alert color="red" variant="light" title={says} role="alert">
      {detail !== null && <Text size="sm">{detail}</Text>}
      {advice !== null && <Text size="sm">{advice}</Text>}
      {wrong.length > 0 && (
        <List size="sm" mt="xs">
          {wrong.map(({ field, message }) => (
            <List.Item key={`${field} ${message}`}>
              {field === '' ? '' : <b>{field} </b>}
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
