import type { ListFile } from '../../api/files.ts';

/** Has the browser save a file as it saves downloads. */
export function saveFile({ name, content }: ListFile): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it when the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(url));
}
