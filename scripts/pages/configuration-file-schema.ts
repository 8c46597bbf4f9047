import { publishedSchema } from '../../src/cli/configuration-file/schema.ts';

/** `docs/reference/configuration-file.schema.json` */
export function configurationFileSchema(): string {
  return `${JSON.stringify(publishedSchema(), null, 2)}\n`;
}
