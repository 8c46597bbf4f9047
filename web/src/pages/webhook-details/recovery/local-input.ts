/** An instant as `<input type="datetime-local">` wants it: in the reader's own time, to the second, rounded down. */
export function localInput(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Back to ms; `null` for what is no instant. */
export function readLocalInput(text: string): number | null {
  const at = Date.parse(text);
  return text === '' || Number.isNaN(at) ? null : at;
}
