import { notifications } from '@mantine/notifications';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { endPlay } from './fake-gateway.ts';

afterEach(() => {
  cleanup();
  // They belong to no page, and would be alerts in the next test.
  notifications.clean();
  notifications.cleanQueue();
  endPlay();
  sessionStorage.clear();
  window.history.replaceState(null, '', '/');
});

// A busy machine draws slowly; what never comes fails all the same.
configure({ asyncUtilTimeout: 60_000 });

// What Mantine asks of a browser and the test's lacks.
window.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
  dispatchEvent: () => false,
})) as typeof window.matchMedia;

// Fields that grow with their text listen for fonts.
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() });
