import type { ConfigError } from '../config/environment.ts';

/** What is printed of a configuration that cannot be used: every problem on a line of its own. */
export function configProblem(error: ConfigError): string {
  return `The configuration cannot be used:\n${error.message.replaceAll(/^/gm, '  ')}\n`;
}
