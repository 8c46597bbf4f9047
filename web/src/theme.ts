import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The brand's teal. Shade 8 on white and shade 4 on dark are readable as text (contrast above 4.5). */
const wire: MantineColorsTuple = [
  '#e3f8fa',
  '#d0eef2',
  '#a3dce4',
  '#72c9d6',
  '#4bb9ca',
  '#33b0c3',
  '#1b9db1',
  '#0e8498',
  '#0b7285',
  '#045a6a',
];

export const theme = createTheme({
  primaryColor: 'wire',
  // White on it is readable in both schemes, also where it is red.
  primaryShade: 8,
  colors: { wire },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  components: {
    // A dialog's head is not the page's.
    Modal: { defaultProps: { attributes: { header: { role: 'none' } } } },
    // A menu holds its items alone; the first one gets the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
  },
});
