/** One server-sent event with this data. */
export function sseText(data: string, event?: string | undefined): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  // Data with line breaks takes one field a line.
  const lines = data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data;
  return `${name}data: ${lines}\n\n`;
}

/** A comment, which every reader of server-sent events skips. */
export const sseComment = (text: string): string => `: ${text}\n\n`;
