import { afterEach } from 'vitest';
import { endPlay, standIn } from './gateway.ts';

// Here and not in what tests import: where they share a worker, that is read once, and hooks are of one file.
standIn();
afterEach(endPlay);
