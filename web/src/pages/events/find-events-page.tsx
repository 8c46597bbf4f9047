import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type EventIdName, findEventsQuery } from '../../api/events.ts';
import { DownloadMenu } from '../../ui/download/download-menu.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plainWords } from '../../ui/field-words.ts';
import { KeptFor } from '../../ui/kept/kept-for.tsx';
import { Loading } from '../../ui/loading.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import classes from './events.module.css';
import { FoundEvents } from './found-events.tsx';
import { askedFor, idLabels, idNames } from './search.ts';

const examples = {
  messageId: 'wamid.HBgM…',
  transactionId: '81934341034091431',
  mobileNumber: '919812345678 or 5678',
};

/** Finds what came in by the ids that a customer asks about, whether it went to a webhook or not. */
export function FindEventsPage() {
  const { accountId = '' } = useParams({ strict: false });
  const search: Readonly<Record<string, string>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const asked = askedFor(search);

  return (
    <>
      <PageHeader
        title="Find an event"
        actions={
          asked.text !== '' && (
            <DownloadMenu list={{ of: 'events', query: { accountId, [asked.by]: asked.text } }} />
          )
        }
      >
        Everything that came in for a message: also what no webhook wanted, and why.
      </PageHeader>
      <SearchForm
        key={`${asked.by} ${asked.text}`}
        by={asked.by}
        text={asked.text}
        onFind={(by, text) => void navigate({ to: '.', search: text === '' ? {} : { [by]: text } })}
      />
      <Found accountId={accountId} by={asked.by} text={asked.text} />
    </>
  );
}

interface SearchFormProps {
  readonly by: EventIdName;
  readonly text: string;
  readonly onFind: (by: EventIdName, text: string) => void;
}

function SearchForm({ by: first, text: given, onFind }: SearchFormProps) {
  const [by, setBy] = useState(first);
  const [text, setText] = useState(given);

  function submit(event: FormEvent) {
    event.preventDefault();
    onFind(by, text.trim());
  }

  return (
    <search>
      <form onSubmit={submit} className={classes.search}>
        <Select
          aria-label="Find by"
          w={160}
          data={idNames.map((name) => ({ value: name, label: idLabels[name] }))}
          value={by}
          allowDeselect={false}
          onChange={(next) => setBy(idNames.find((name) => name === next) ?? by)}
        />
        <TextInput
          className={classes.text ?? ''}
          classNames={{ input: 'exact' }}
          aria-label={idLabels[by]}
          placeholder={examples[by]}
          value={text}
          autoComplete="off"
          spellCheck={false}
          autoFocus={given === ''}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit">Find</Button>
      </form>
    </search>
  );
}

function Found({
  accountId,
  by,
  text,
}: {
  readonly accountId: string;
  readonly by: EventIdName;
  readonly text: string;
}) {
  const query = useInfiniteQuery(findEventsQuery(accountId, by, text));
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query;
  if (text === '') {
    return (
      <EmptyState title="Which message?">
        Enter its message id, the transaction id of the request that sent it, or the phone number. Ids are
        compared exactly; a number is found however it is written, and by its last 4 digits or more.
      </EmptyState>
    );
  }
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data || isPlaceholderData) return <Loading />;
  const events = data.pages.flatMap((page) => page.data);
  const notes = (data.pages[0]?.warnings ?? []).map(({ message }) => plainWords(message));
  return (
    <>
      {events.length > 0 &&
        notes.map((note) => (
          <Text key={note} size="sm" mb="sm">
            {note}
          </Text>
        ))}
      {events.length === 0 ? (
        <EmptyState title={hasNextPage ? 'None found so far' : 'No event matches'}>
          {hasNextPage
            ? 'The newest events were looked at and none matches. Older ones may.'
            : nothingWith(by, text, notes)}{' '}
          {!hasNextPage && <KeptFor accountId={accountId} by="log" what="Events" />}
        </EmptyState>
      ) : (
        <FoundEvents accountId={accountId} events={events} />
      )}
      {hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {events.length === 0 ? 'Go on looking' : 'Load more'}
          </Button>
        </Group>
      )}
    </>
  );
}

/** @param notes what the gateway says of what was asked: that a number has no country code, for one */
function nothingWith(by: EventIdName, text: string, notes: readonly string[]): string {
  const nothing = `Nothing came in with ${idLabels[by].toLowerCase()} “${text}”.`;
  return [nothing, ...notes].join(' ');
}
