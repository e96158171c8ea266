/** The control sequences that this command writes itself: styles and links (paint.ts), and the status line. */
const OWN = (() => {
  const [esc, bell] = ['\u001b', '\u0007'];
  return new RegExp(`${esc}\\[[\\d;]*m|${esc}\\]8;;\\P{Cc}*${bell}|\\r${esc}\\[2K`, 'gu');
})();
/** Control characters except line breaks and tabs, and those that reverse the direction of text. */
const CONTROL = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;

/** Text for a stream. On a terminal the command's own control sequences stay; elsewhere nobody can tell them from foreign ones. */
export function guarded(text: string, { styled }: { styled: boolean }): string {
  if (!styled) return text.replace(CONTROL, '�');
  let end = 0;
  const parts: string[] = [];
  for (const { 0: own, index } of text.matchAll(OWN)) {
    parts.push(text.slice(end, index).replace(CONTROL, '�'), own);
    end = index + own.length;
  }
  return [...parts, text.slice(end).replace(CONTROL, '�')].join('');
}

const guardedStreams = new WeakSet<NodeJS.WriteStream>();

/**
 * Everything that the command prints passes here, so that a path, a file or a provider cannot send a control sequence to
 * the terminal, whichever command forgot to look. Bytes (not strings) pass unchanged.
 */
export function guardStream(stream: NodeJS.WriteStream, { styled }: { styled: boolean }): void {
  if (guardedStreams.has(stream)) return;
  guardedStreams.add(stream);
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: unknown[]) =>
    write(typeof chunk === 'string' ? guarded(chunk, { styled }) : chunk, ...rest);
}
