import { Group, Kbd, Modal, Table } from '@mantine/core';
import { keyHelp } from './keys.ts';

/** The keys that do something in this page: its shortcuts. */
export function KeysDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Shortcuts"
      centered
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Table withRowBorders={false}>
        <Table.Tbody>
          {keyHelp.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Th scope="row" w={90}>
                <Group gap={4} wrap="nowrap">
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </Group>
              </Table.Th>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
