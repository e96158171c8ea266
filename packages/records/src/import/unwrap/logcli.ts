import { stripVTControlCharacters } from 'node:util';
import { timeOfText, type Unwrapped } from './unwrapped.js';

/** `2026-09-01T10:00:00Z {app="agent", pod="agent-0"} text`; labels that all lines have are left out, which may leave `{}`. */
const LINE =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)) (\{(?:[A-Za-z_]\w{0,80}="(?:[^"\\]|\\.){0,400}"(?:, )?){0,40}\}) */;
const PROGRAM = /\b(?:pod|container|instance|job|app)="((?:[^"\\]|\\.){1,200})"/;
/** A member on a line of its own, of pino-pretty or of a printed object. */
const MEMBER = /^["'\w.$]{1,80}: [^={}]{0,400}[{[]?,?$/;

/**
 * The output of Grafana's `logcli query`. It takes the spaces off both ends of each line, so that a field below a line of a
 * log looks like a line of its own: those that are members get their indentation back.
 */
export function logcli(line: string): Unwrapped | undefined {
  const found = LINE.exec(line);
  if (!found) return undefined;
  const [layer, at, labels] = found;
  const text = line.slice(layer.length);
  return {
    text: MEMBER.test(stripVTControlCharacters(text)) ? `    ${text}` : text,
    atMs: timeOfText(at),
    source: PROGRAM.exec(labels!)?.[1],
  };
}
