import { Button } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { catalogQuery } from '../../api/catalog.ts';
import { webhooksQuery } from '../../api/webhooks.ts';
import { useMay } from '../../session/may.ts';
import { DownloadMenu } from '../../ui/download/download-menu.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { TaskProgress } from '../../ui/task-progress.tsx';
import classes from './deliveries.module.css';
import { DeliveryDetail } from './delivery-detail.tsx';
import type { DeliveryTableHandle } from './delivery-table.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FilterPills } from './filter-pills.tsx';
import { filtersOf, withFilter, withoutFilters } from './filters.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { ListPanel } from './list-panel.tsx';
import { ReplayMatching } from './replay-matching.tsx';
import { useDeliveryKeys } from './use-delivery-keys.ts';
import { useDeliveryList } from './use-delivery-list.ts';
import { useReading } from './use-reading.ts';
import { useReplay } from './use-replay.tsx';
import { useTaskEnd } from './use-task-end.ts';

/** There is no server that draws the page first. */
const atOnce = { getInitialValueInEffect: false };

/** Every delivery of the account: filters, list with live tail, and one of them beside it. All of it is in the URL. */
export function DeliveriesPage() {
  const { accountId = '' } = useParams({ strict: false });
  const search: Readonly<Record<string, string>> = useSearch({ strict: false });
  const navigate = useNavigate();
  const mayReplay = useMay('deliveries:replay');
  const narrow = useMediaQuery('(max-width: 62em)', false, atOnce);

  const small = useMediaQuery('(max-width: 48em)', false, atOnce);

  const filterText = JSON.stringify(filtersOf(search));
  const filters = useMemo(() => JSON.parse(filterText) as ReturnType<typeof filtersOf>, [filterText]);
  const selected = search.delivery ?? null;
  const task = search.task ?? null;

  const { data: catalog } = useQuery(catalogQuery);
  const { data: webhooks } = useQuery(webhooksQuery(accountId));
  const names = useMemo(() => new Map(webhooks?.data.map(({ id, url }) => [id, url])), [webhooks]);
  const nameOf = useCallback((id: string) => names.get(id) ?? id, [names]);

  const [live, setLive] = useState(true);
  const [dialog, setDialog] = useState<'keys' | 'replay' | null>(null);
  const { reading, noteScroll, watch } = useReading(selected !== null);
  const shown = useDeliveryList({ accountId, filters, live, reading });
  const table = useRef<DeliveryTableHandle>(null);
  const detail = useRef<HTMLElement>(null);

  const go = useCallback(
    (change: (before: Record<string, string>) => Record<string, string>, replace: boolean) => {
      const after = (before: Readonly<Record<string, string | undefined>>) =>
        change(before as Record<string, string>);
      void navigate({ to: '.', search: after, replace, resetScroll: false });
    },
    [navigate],
  );
  const open = useCallback(
    (id: string) => go((before) => ({ ...before, delivery: id }), selected !== null),
    [go, selected],
  );
  const close = useCallback(() => {
    go(({ delivery: _delivery, ...rest }) => rest, true);
    if (selected !== null) requestAnimationFrame(() => table.current?.focus(selected));
  }, [go, selected]);
  const clear = () => go(withoutFilters, true);

  useTaskEnd(task, () => {
    if (shown.tail.state !== 'open') shown.reload();
  });
  const replay = useReplay(shown.note);
  const rows = shown.list?.rows ?? [];
  useDeliveryKeys({
    ids: rows,
    selected,
    enabled: dialog === null,
    onFocus: (id) => table.current?.focus(id),
    onOpen: open,
    onClose: close,
    onReplay: (id) => mayReplay && replay.mutate(id),
    onHelp: () => setDialog('keys'),
    onNew: () => showNew(),
  });

  // Another list begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the filters change
  useEffect(() => {
    noteScroll(null);
    table.current?.toTop();
  }, [filterText]);

  // On a small screen the delivery takes the page, and so the focus.
  useEffect(() => {
    if (narrow && selected !== null) detail.current?.focus();
  }, [narrow, selected]);

  function showNew() {
    shown.showNew();
    table.current?.toTop();
  }

  return (
    <div className={classes.page}>
      <div className={classes.top} data-open={selected !== null || undefined}>
        <PageHeader
          title="Deliveries"
          actions={
            (!narrow || selected === null) && (
              <>
                {mayReplay && (
                  <Button variant="default" size="xs" onClick={() => setDialog('replay')}>
                    Replay what matches
                  </Button>
                )}
                <DownloadMenu list={{ of: 'deliveries', query: { ...filters, accountId } }} />
                <Button variant="default" size="xs" visibleFrom="sm" onClick={() => setDialog('keys')}>
                  Shortcuts
                </Button>
              </>
            )
          }
        />
        <FilterBar
          filters={filters}
          webhooks={webhooks?.data ?? []}
          catalog={catalog}
          small={small}
          onChange={(changes) => go((before) => withFilter(before, changes), true)}
        />
        <FilterPills
          filters={filters}
          nameOf={nameOf}
          catalog={catalog}
          onRemove={(name) => go((before) => withFilter(before, { [name]: '' }), true)}
          onClear={clear}
        />
        {task !== null && (
          <TaskProgress taskId={task} onDismiss={() => go(({ task: _task, ...rest }) => rest, true)} />
        )}
      </div>
      <div className={classes.split} data-open={selected !== null || undefined}>
        <ListPanel
          accountId={accountId}
          filters={filters}
          shown={shown}
          live={live}
          onLive={setLive}
          reading={reading}
          watch={watch}
          selected={selected}
          nameOf={nameOf}
          search={search}
          table={table}
          onOpen={open}
          onScrolled={noteScroll}
          onShowNew={showNew}
          onClear={clear}
        />
        {selected !== null && (
          <DeliveryDetail
            key={selected}
            accountId={accountId}
            id={selected}
            known={rows.find(({ id }) => id === selected)}
            mayReplay={mayReplay}
            replaying={replay.isPending}
            replayError={replay.variables === selected ? replay.error : null}
            onReplay={() => replay.mutate(selected)}
            onClose={close}
            onKnown={shown.note}
            sectionRef={detail}
          />
        )}
      </div>
      <KeysDialog opened={dialog === 'keys'} onClose={() => setDialog(null)} />
      {dialog === 'replay' && (
        <ReplayMatching
          accountId={accountId}
          filters={filters}
          nameOf={nameOf}
          catalog={catalog}
          onClose={() => setDialog(null)}
          onStarted={(taskId) => {
            setDialog(null);
            go((before) => ({ ...before, task: taskId }), true);
          }}
        />
      )}
    </div>
  );
}
