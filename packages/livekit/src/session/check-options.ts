import {
  DEFAULT_ENDPOINTING,
  ENDPOINTING_PRESETS,
  FirstwordError,
  parseExpected,
  unknownName,
} from '@firstword/turn';
import type { SessionFirstwordOptions } from './firstword-options.js';
import { ALL_LEVERS } from './levers.js';

/** Options that are probabilities, by name. */
const PROBABILITIES = new Set(['sure', 'doubtful', 'incompleteConfidence', 'minConfidence', 'minAcceptance']);

function refuse(path: string, value: unknown, wanted: string): never {
  throw new FirstwordError('bad_input', `firstword.${path} is ${String(value)}; use ${wanted}.`);
}

function checkNumbers(path: string, options: object | undefined): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (typeof value !== 'number') continue;
    if (PROBABILITIES.has(name)) {
      if (!(value >= 0 && value <= 1)) refuse(`${path}.${name}`, value, '0 to 1');
    } else if (!(value >= 0)) refuse(`${path}.${name}`, value, '0 or more');
  }
}

function checkLevers(levers: object): void {
  const names = Object.keys(ALL_LEVERS);
  for (const [name, value] of Object.entries(levers)) {
    if (!names.includes(name)) throw unknownName('lever', name, names);
    if (value !== undefined && typeof value !== 'boolean') refuse(`levers.${name}`, value, 'true or false');
  }
}

/**
 * Checks Firstword's options of a session.
 *
 * @throws FirstwordError `bad_input` naming the option, its value and what it may be
 */
export function checkOptions(options: SessionFirstwordOptions): void {
  const { levers, endpointing, expects, speculation, filler, askAgain, records } = options;
  if (levers) checkLevers(levers);
  if (typeof endpointing === 'string') {
    const presets = Object.keys(ENDPOINTING_PRESETS);
    if (!presets.includes(endpointing)) throw unknownName('endpointing preset', endpointing, presets);
  }
  if (typeof expects === 'string') parseExpected(expects);
  const waits = typeof endpointing === 'object' ? endpointing : {};
  checkNumbers('endpointing', waits);
  checkNumbers('speculation', speculation);
  const { sure, doubtful } = { ...DEFAULT_ENDPOINTING, ...waits };
  if (doubtful > sure) refuse('endpointing.doubtful', doubtful, `at most endpointing.sure (${sure})`);
  if (filler && !(filler.overMs > 0)) refuse('filler.overMs', filler.overMs, 'more than 0');
  if (askAgain !== undefined && typeof askAgain !== 'function' && !String(askAgain).trim())
    refuse('askAgain', `"${askAgain}"`, 'a text or a function; levers.askAgain: false turns it off');
  if (records !== undefined && typeof records !== 'string' && typeof records !== 'object')
    refuse('records', records, 'a folder, or { dir, onTurn }');
}
