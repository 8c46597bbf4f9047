import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

export interface PlainTableProps {
  readonly head: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly [ReactNode, ...ReactNode[]])[];
  readonly minWidth?: number;
}

/** A small table of facts. */
export function PlainTable({ head, rows, minWidth = 480 }: PlainTableProps) {
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      <Table verticalSpacing="xs" my="xs">
        <Table.Thead>
          <Table.Tr>
            {head.map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([first, ...cells], row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows stand as they are written
            <Table.Tr key={row} style={{ verticalAlign: 'top' }}>
              <Table.Th scope="row" fw={500}>
                {first}
              </Table.Th>
              {cells.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: so do the cells
                <Table.Td key={column}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
