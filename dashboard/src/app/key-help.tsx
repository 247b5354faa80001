// The keys, told on `?`.
import { Kbd, Modal, Table } from '@mantine/core'
import { navigation } from './navigation.ts'

const keys: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['j'], 'next in a list'],
  [['k'], 'the one before'],
  [['Enter'], 'open it'],
  [[',', '.'], 'one event back, one on (events of a session)'],
  [['p'], 'play them'],
  [['/'], 'search'],
  [['Ctrl', 'K'], 'go anywhere'],
  ...navigation.map(({ key, label }) => [['g', key], label] as const),
  [['?'], 'these keys'],
]

interface KeyHelpProps {
  readonly opened: boolean
  readonly onClose: () => void
}

export const KeyHelp = ({ opened, onClose }: KeyHelpProps) => (
  <Modal opened={opened} onClose={onClose} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
    <Table>
      <Table.Tbody>
        {keys.map(([pressed, what]) => (
          <Table.Tr key={what}>
            <Table.Td>
              {pressed.map((key) => (
                <Kbd key={key} mr={4}>
                  {key}
                </Kbd>
              ))}
            </Table.Td>
            <Table.Td>{what}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Modal>
)
