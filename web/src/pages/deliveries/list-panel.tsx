import { Button, Text } from '@mantine/core';
import type { RefObject } from 'react';
import type { DeliveryFilters } from '../../api/deliveries.ts';
import { Loading } from '../../ui/loading.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { stringifySearch } from '../../ui/search-params.ts';
import classes from './deliveries.module.css';
import { mostLoaded, waitingCount } from './delivery-list.ts';
import { DeliveryTable, type DeliveryTableHandle } from './delivery-table.tsx';
import { canBeLive, isNarrowed } from './filters.ts';
import { ListFoot, Nothing } from './list-state.tsx';
import { TailStatus } from './tail-status.tsx';
import type { ShownDeliveries } from './use-delivery-list.ts';
import type { Reading } from './use-reading.ts';

export interface ListPanelProps {
  readonly accountId: string;
  readonly filters: DeliveryFilters;
  readonly shown: ShownDeliveries;
  readonly live: boolean;
  readonly onLive: (live: boolean) => void;
  readonly reading: boolean;
  readonly watch: Reading['watch'];
  readonly selected: string | null;
  readonly nameOf: (webhookId: string) => string;
  readonly search: Readonly<Record<string, string>>;
  readonly table: RefObject<DeliveryTableHandle | null>;
  readonly onOpen: (id: string) => void;
  readonly onScrolled: (list: HTMLElement | null) => void;
  readonly onShowNew: () => void;
  readonly onClear: () => void;
}

/** The list with what its live tail does, and what stands in its place where there is nothing to list. */
export function ListPanel(props: ListPanelProps) {
  const { filters, shown, live, reading, onShowNew } = props;
  const waiting = shown.list?.waiting.length ?? 0;
  return (
    <section className={`${classes.panel} ${classes.listPanel}`} aria-label="List of deliveries">
      <div className={classes.bar}>
        <TailStatus
          tail={shown.tail}
          reading={reading}
          on={live}
          ended={!canBeLive(filters, Date.now())}
          onSwitch={props.onLive}
        />
        {shown.list && waiting > 0 && (
          <Button size="compact-sm" radius="xl" onClick={onShowNew}>
            {waitingCount(shown.list)} new
          </Button>
        )}
      </div>
      {shown.list?.notes.map((note) => (
        <Text key={note} size="sm" className={classes.note ?? ''}>
          {note}
        </Text>
      ))}
      <Rows {...props} />
    </section>
  );
}

function Rows(props: ListPanelProps) {
  const { accountId, filters, shown, watch, selected, nameOf, search, table, onOpen, onScrolled, onClear } =
    props;
  const { list, stale, error, reload, loadOlder, loadingOlder, olderError } = shown;
  if (error) {
    return (
      <div className={classes.detailBody}>
        <ProblemNotice error={error} onRetry={reload} />
      </div>
    );
  }
  if (!list) {
    return (
      <div className={classes.detailBody}>
        <Loading rows={10} />
      </div>
    );
  }
  const more = list.older !== null;
  if (list.rows.length === 0) {
    return (
      <div className={classes.detailBody}>
        {olderError !== null && <ProblemNotice error={olderError} onRetry={loadOlder} />}
        <Nothing
          accountId={accountId}
          narrowed={isNarrowed(filters)}
          more={more}
          looking={loadingOlder || stale}
          onGoOn={loadOlder}
          onClear={onClear}
        />
      </div>
    );
  }
  return (
    <div className={classes.reader} {...watch}>
      <DeliveryTable
        rows={list.rows}
        fresh={list.fresh}
        stale={stale}
        selected={selected}
        nameOf={nameOf}
        hrefOf={(id) => stringifySearch({ ...search, delivery: id })}
        onOpen={onOpen}
        onScrolled={onScrolled}
        handle={table}
      >
        <div className={classes.foot}>
          {olderError !== null && <ProblemNotice error={olderError} />}
          <ListFoot
            accountId={accountId}
            shown={list.rows.length}
            more={more}
            tooMany={list.rows.length >= mostLoaded}
            loading={loadingOlder}
            onMore={loadOlder}
          />
        </div>
      </DeliveryTable>
    </div>
  );
}
