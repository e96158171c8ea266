import { timeOfText, type Unwrapped } from './unwrapped.js';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
/** `Sep 01 10:00:00 host agent[123]: text`, as `journalctl` and syslog write it. */
const SHORT =
  /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.\d{1,6})? [\w.:-]{1,120} ([^\s:[]{1,80}(?:\[\d{1,10}\])?): ?/;
/** `2026-09-01T10:00:00+0000 host agent[123]: text` of `journalctl -o short-iso`. */
const ISO =
  /^(\d{4}-\d\d-\d\dT[\d:.,]{8,18}(?:Z|[+-]\d\d:?\d\d)) [\w.-]{1,120} ([^\s:[]{1,80}\[\d{1,10}\]): ?/;
/** `<14>1 2026-09-01T10:00:00Z host agent 123 - - text`, RFC 5424. */
const RFC_5424 = /^<\d{1,3}>1 (\S{10,40}) \S{1,120} (\S{1,80}) (\S{1,40}) \S{1,40} (?:-|\[[^\]]{0,400}\]) ?/;

/** The year is not in such a line: 1970, which keeps the order. */
function timeWithoutYear([, month, day, hour, minute, second]: readonly string[]): number | undefined {
  const at = MONTHS.indexOf(month!);
  return at < 0
    ? undefined
    : Date.UTC(1970, at / 3, Number(day), Number(hour), Number(minute), Number(second));
}

/** journald's short formats and syslog name the host and the program in front of each line. */
export function syslog(line: string): Unwrapped | undefined {
  const short = SHORT.exec(line);
  if (short) return { text: line.slice(short[0].length), atMs: timeWithoutYear(short), source: short[6] };
  const iso = ISO.exec(line);
  if (iso) return { text: line.slice(iso[0].length), atMs: timeOfText(iso[1]), source: iso[2] };
  const found = RFC_5424.exec(line);
  if (!found) return undefined;
  const [layer, at, program, id] = found;
  return { text: line.slice(layer.length), atMs: timeOfText(at), source: `${program}[${id}]` };
}
