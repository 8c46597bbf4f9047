import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { type FileFormat, type ListOfFile, listFile } from '../../api/files.ts';
import { problemWords } from '../problem-words.ts';
import { saveFile } from './save-file.ts';
import { separatorOf } from './separator.ts';

const other = { comma: 'semicolon', semicolon: 'comma' } as const;
const closeButtonProps = { 'aria-label': 'Close' };

/** Saves a list, as it is narrowed in view, as a file; while that is under way it can be stopped. */
export function DownloadMenu({ list }: { readonly list: ListOfFile }) {
  const download = useDownload(list);
  const usual = separatorOf(navigator.language);
  const words = { comma: 'CSV with commas', semicolon: 'CSV with semicolons' };

  if (download.isPending) {
    return (
      <Button variant="default" size="xs" onClick={download.stop}>
        Stop the download
      </Button>
    );
  }
  return (
    <Menu position="bottom-end" width={230} withinPortal={false}>
      <Menu.Target>
        <Button variant="default" size="xs">
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => download.start({ ending: 'csv', separator: usual })}>
          For Excel ({words[usual]})
        </Menu.Item>
        <Menu.Item onClick={() => download.start({ ending: 'csv', separator: other[usual] })}>
          {words[other[usual]]}
        </Menu.Item>
        <Menu.Item onClick={() => download.start({ ending: 'ndjson' })}>For programs (NDJSON)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useDownload(list: ListOfFile) {
  const under = useRef<AbortController | null>(null);
  const { mutate, isPending } = useMutation({
    async mutationFn(format: FileFormat) {
      const stop = new AbortController();
      under.current = stop;
      saveFile(await listFile(list, format, stop.signal));
    },
    onError(error) {
      if (under.current?.signal.aborted) return;
      const { says, detail, advice } = problemWords(error);
      notifications.show({
        title: says,
        message: <span className="muted">{detail ?? advice}</span>,
        color: 'red',
        closeButtonProps,
      });
    },
  });
  return { start: mutate, stop: () => under.current?.abort(), isPending };
}
