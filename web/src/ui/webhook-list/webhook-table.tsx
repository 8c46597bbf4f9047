import { Table, UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import type { Webhook } from '../../api/webhooks.ts';
import { TextLink } from '../links.tsx';
import { WebhookStatus } from '../webhook-status.tsx';
import { productNames, reportTypeNames } from '../webhook-words.ts';
import { LastDay } from './last-day.tsx';
import type { ActivityState, WebhookListProps } from './list-props.ts';
import { RowActions } from './row-actions.tsx';
import { type Column, nextOrder, numberWords, type WebhookRow } from './rows.ts';
import classes from './webhook-list.module.css';

const heads: { readonly [C in Column]: string } = {
  id: 'ID',
  product: 'Product',
  webhook: 'Webhook',
  reportType: 'Report Type',
  method: 'Server Method',
  productUniqueId: 'Product Unique ID',
  status: 'Status',
  success: 'Success, 24\u00a0h',
};

/** What stays in sight beside the actions, however narrow the table is. */
const kept: { readonly [C in Column]?: string | undefined } = {
  status: classes.status,
  success: classes.success,
};

export function WebhookTable({ rows, activityState, order, onSort, mayWrite, onDelete }: WebhookListProps) {
  return (
    <Table.ScrollContainer
      minWidth={980}
      type="native"
      className={`${classes.scroll} ${mayWrite ? '' : classes.reading}`}
    >
      <Table verticalSpacing="xs" horizontalSpacing={6} highlightOnHover aria-label="Webhooks">
        <Table.Thead>
          <Table.Tr>
            {(Object.keys(heads) as Column[]).map((column) => {
              const way = order?.column === column ? order.descending : null;
              return (
                <Table.Th
                  key={column}
                  aria-sort={way === null ? 'none' : way ? 'descending' : 'ascending'}
                  className={`${classes.head} ${kept[column] ?? ''}`}
                >
                  <UnstyledButton
                    className={classes.sort ?? ''}
                    onClick={() => onSort(nextOrder(order, column))}
                  >
                    {heads[column]}
                    <span aria-hidden="true" className={classes.arrow}>
                      {way === null ? '' : way ? '↓' : '↑'}
                    </span>
                  </UnstyledButton>
                </Table.Th>
              );
            })}
            <Table.Th className={`${classes.head} ${classes.actions}`}>Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row
              key={row.webhook.id}
              row={row}
              activityState={activityState}
              mayWrite={mayWrite}
              onDelete={onDelete}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  readonly row: WebhookRow;
  readonly activityState: ActivityState;
  readonly mayWrite: boolean;
  readonly onDelete: (webhook: Webhook) => void;
}

const Row = memo(function Row({ row, activityState, mayWrite, onDelete }: RowProps) {
  const { webhook, activity } = row;
  const { id, accountId, description, url } = webhook;
  return (
    <Table.Tr>
      <Table.Td className={classes.id ?? ''}>
        <TextLink
          to="/a/$accountId/webhooks/$webhookId"
          params={{ accountId, webhookId: id }}
          className="exact"
          size="xs"
        >
          {id}
        </TextLink>
      </Table.Td>
      <Table.Td>{productNames[webhook.product]}</Table.Td>
      <Table.Td className={classes.webhook ?? ''}>
        <span className={`exact ${classes.url}`} title={url}>
          {url}
        </span>
        {description && (
          <span className={`muted ${classes.description}`} title={description}>
            {description}
          </span>
        )}
      </Table.Td>
      <Table.Td>{reportTypeNames[webhook.reportType]}</Table.Td>
      <Table.Td>{webhook.method}</Table.Td>
      <Table.Td className={`${classes.number} ${webhook.productUniqueId === null ? 'muted' : 'exact'}`}>
        {numberWords(webhook)}
      </Table.Td>
      <Table.Td className={kept.status ?? ''}>
        <WebhookStatus webhook={webhook} />
      </Table.Td>
      <Table.Td className={kept.success ?? ''}>
        <LastDay activity={activity} state={activityState} />
      </Table.Td>
      <Table.Td className={classes.actions ?? ''}>
        <RowActions webhook={webhook} mayWrite={mayWrite} onDelete={onDelete} />
      </Table.Td>
    </Table.Tr>
  );
});
