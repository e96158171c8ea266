import { stripVTControlCharacters } from 'node:util';
import { awsLogsTail } from './aws-logs-tail.js';
import { compose } from './compose.js';
import { cri } from './cri.js';
import { dockerJsonFile } from './docker-json-file.js';
import { hosting } from './hosting.js';
import { journaldJson } from './journald-json.js';
import { logcli } from './logcli.js';
import { pod } from './pod.js';
import { quote } from './quote.js';
import { syslog } from './syslog.js';
import { timestamp } from './timestamp.js';
import type { Unwrap, Unwrapped } from './unwrapped.js';

/** The layers that a line with this first character can have, the more specific first. */
function layersFor(first: string): readonly Unwrap[] {
  if (first === '{') return OF_OBJECT;
  if (first >= '0' && first <= '9') return OF_DIGIT;
  if ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z')) return OF_LETTER;
  if (first === '[') return OF_BRACKET;
  if (first === '<') return OF_ANGLE;
  return first === '>' ? OF_QUOTE : NONE;
}

const NONE: readonly Unwrap[] = [];
const OF_OBJECT: readonly Unwrap[] = [dockerJsonFile, journaldJson];
const OF_DIGIT: readonly Unwrap[] = [cri, syslog, logcli, awsLogsTail, timestamp, compose];
const OF_LETTER: readonly Unwrap[] = [syslog, hosting, pod, compose];
const OF_BRACKET: readonly Unwrap[] = [pod];
const OF_ANGLE: readonly Unwrap[] = [syslog];
const OF_QUOTE: readonly Unwrap[] = [quote];

/** Compose in front of kubectl in front of a shipper: more layers than these are no collector's. */
const MAX_LAYERS = 4;

/** Takes every layer of a log collector off a line: the text that the program wrote, when, and which program. */
export function unwrapLine(line: string): Unwrapped {
  let found: Unwrapped = { text: line };
  for (let layer = 0; layer < MAX_LAYERS; layer += 1) {
    const { text } = found;
    const plain = text.charCodeAt(0) === 0x1b ? stripVTControlCharacters(text) : text;
    const inner = outermost(layersFor(plain.charAt(0)), plain);
    if (!inner) return found;
    const source = [found.source, inner.source].filter((name) => name !== undefined).join(' ');
    found = {
      text: inner.text,
      atMs: inner.atMs ?? found.atMs,
      source: source === '' ? undefined : source,
      isPartial: inner.isPartial ?? found.isPartial ?? false,
    };
  }
  return found;
}

function outermost(layers: readonly Unwrap[], text: string): Unwrapped | undefined {
  for (const layer of layers) {
    const found = layer(text);
    if (found) return found;
  }
  return undefined;
}
