import { type ReactNode, type Ref, useEffect, useImperativeHandle } from 'react';
import type { Delivery } from '../../api/deliveries.ts';
import classes from './deliveries.module.css';
import { DeliveryRow } from './delivery-row.tsx';
import { useRowWindow } from './use-window.ts';

const rowHeight = 56;
const headHeight = 36;

/** What the page does with the list from outside. */
export interface DeliveryTableHandle {
  /** Brings a row into view and puts the focus on it. */
  focus(id: string): void;
  toTop(): void;
}

export interface DeliveryTableProps {
  readonly rows: readonly Delivery[];
  readonly fresh: ReadonlySet<string>;
  readonly stale: boolean;
  readonly selected: string | null;
  readonly nameOf: (webhookId: string) => string;
  readonly hrefOf: (id: string) => string;
  readonly onOpen: (id: string) => void;
  readonly onScrolled: (list: HTMLElement | null) => void;
  readonly handle: Ref<DeliveryTableHandle>;
  /** Below the last row. */
  readonly children?: ReactNode;
}

/** The list: of thousands of rows it draws those in view. */
export function DeliveryTable(props: DeliveryTableProps) {
  const { rows, fresh, stale, selected, nameOf, hrefOf, onOpen, onScrolled, handle, children } = props;
  const { scroller, first, end, onScroll, reveal } = useRowWindow(rows.length, rowHeight, headHeight);

  useImperativeHandle(handle, () => ({
    focus(id) {
      reveal(rows.findIndex((row) => row.id === id));
      onScroll();
      // The row may have to be drawn first.
      requestAnimationFrame(() => {
        scroller.current
          ?.querySelector<HTMLElement>(`[data-delivery="${CSS.escape(id)}"]`)
          ?.focus({ preventScroll: true });
      });
    },
    toTop() {
      if (scroller.current) scroller.current.scrollTop = 0;
    },
  }));

  const place = selected === null ? -1 : rows.findIndex(({ id }) => id === selected);
  const known = place !== -1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another one is selected, or it has just come
  useEffect(() => {
    if (known) reveal(place);
  }, [selected, known]);

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      onScroll={() => {
        onScroll();
        onScrolled(scroller.current);
      }}
    >
      <table
        aria-label="Deliveries"
        aria-rowcount={rows.length + 1}
        className={classes.table}
        data-stale={stale || undefined}
      >
        <Head />
        <tbody
          className={classes.body}
          style={{ paddingTop: first * rowHeight, paddingBottom: (rows.length - end) * rowHeight }}
        >
          {rows.slice(first, end).map((delivery, offset) => (
            <DeliveryRow
              key={delivery.id}
              delivery={delivery}
              webhookName={nameOf(delivery.webhookId)}
              place={first + offset + 2}
              selected={delivery.id === selected}
              fresh={fresh.has(delivery.id)}
              href={hrefOf(delivery.id)}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
      {children}
    </div>
  );
}

const columns = [
  ['State', ''],
  ['Message ID and Mobile Number', ''],
  ['Webhook', 'webhookCell'],
  ['Report', 'reportCell'],
  ['Last answer', 'answerCell'],
  ['Accepted', 'end'],
] as const;

function Head() {
  return (
    <thead className={classes.headGroup}>
      <tr aria-rowindex={1} className={`${classes.row} ${classes.head}`}>
        {columns.map(([label, cell]) => (
          <th key={label} scope="col" className={`${classes.line} ${classes[cell] ?? ''}`}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  );
}
