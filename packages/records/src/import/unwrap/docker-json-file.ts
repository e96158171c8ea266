import { textAt, tryParseJson } from '../json.js';
import { timeOfText, type Unwrapped } from './unwrapped.js';

/** `{"log":"text\n","stream":"stderr","time":"…"}`: the files of Docker's json-file driver. Lines above 16 KiB are cut into parts. */
export function dockerJsonFile(line: string): Unwrapped | undefined {
  if (!/^\{\s{0,4}"log"\s{0,4}:/.test(line)) return undefined;
  const entry = tryParseJson(line)?.value;
  const log = textAt(entry, 'log');
  if (log === undefined || textAt(entry, 'stream') === undefined) return undefined;
  const isPartial = !log.endsWith('\n');
  return { text: log.replace(/\r?\n$/, ''), atMs: timeOfText(textAt(entry, 'time')), isPartial };
}
