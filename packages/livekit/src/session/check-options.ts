import {
  DEFAULT_ENDPOINTING,
  DEFAULT_SPECULATION,
  ENDPOINTING_PRESETS,
  FirstwordError,
  parseExpected,
  unknownName,
  withDefaults,
} from '@firstword/turn';
import { llm } from '@livekit/agents';
import { checkRescue } from '../realtime/rescue-options.js';
import { FIRSTWORD_NAMES, type SessionFirstwordOptions } from './firstword-options.js';
import { ALL_LEVERS } from './levers.js';

/** Options that are probabilities, by name. */
const PROBABILITIES = new Set(['minConfidence', 'minAcceptance']);

const OPTION_NAMES = [...Object.keys(FIRSTWORD_NAMES), 'greeting', 'records'];
const SPECULATION_NAMES = Object.keys(DEFAULT_SPECULATION);
const ENDPOINTING_NAMES = [...Object.keys(DEFAULT_ENDPOINTING), 'eotAfterMs'];

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

/** Without it, a misspelt option would be without effect in silence. TypeScript finds it, but not in an agent in JavaScript. */
function checkNames(what: string, options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownName(what, unknown, names);
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
  if (typeof options !== 'object')
    throw new FirstwordError('bad_input', `firstword is ${String(options)}; use an object with its options.`);
  checkNames('option of firstword', options, OPTION_NAMES);
  const {
    levers,
    endpointing,
    detector,
    expects,
    speculation,
    filler,
    askAgain,
    askAgainLimit,
    records,
    rescue,
    answerWith,
    greeting,
  } = options;
  if (levers) checkLevers(levers);
  if (typeof endpointing === 'string') {
    const presets = Object.keys(ENDPOINTING_PRESETS);
    if (!presets.includes(endpointing)) throw unknownName('endpointing preset', endpointing, presets);
  }
  if (typeof expects === 'string') parseExpected(expects);
  const waits = typeof endpointing === 'object' ? endpointing : {};
  checkNames('endpointing option', waits, ENDPOINTING_NAMES);
  checkNames('speculation option', speculation ?? {}, SPECULATION_NAMES);
  checkNumbers('endpointing', waits);
  checkNumbers('speculation', speculation);
  const { cutOffCostMs, minDelayMs, maxDelayMs } = withDefaults(DEFAULT_ENDPOINTING, waits);
  if (!(cutOffCostMs > 0)) refuse('endpointing.cutOffCostMs', cutOffCostMs, 'more than 0');
  if (minDelayMs > maxDelayMs)
    refuse('endpointing.minDelayMs', minDelayMs, `at most endpointing.maxDelayMs (${maxDelayMs})`);
  const isDetector = typeof detector === 'object' && typeof detector.predict === 'function' && detector.name;
  if (detector !== undefined && detector !== 'stt' && !isDetector)
    refuse('detector', detector, "'stt', or an object with `name` and `predict`, such as smartTurn()");
  if (filler && !(Array.isArray(filler.phrases) && filler.phrases.length > 0))
    refuse('filler.phrases', filler.phrases, 'a list of one or more texts');
  if (filler && !(filler.overMs > 0)) refuse('filler.overMs', filler.overMs, 'more than 0');
  if (askAgain !== undefined && typeof askAgain !== 'function' && !String(askAgain).trim())
    refuse('askAgain', `"${askAgain}"`, 'a text or a function; levers.askAgain: false turns it off');
  if (
    askAgainLimit !== undefined &&
    !(Number.isInteger(askAgainLimit) && askAgainLimit >= 1 && askAgainLimit <= 10)
  )
    refuse('askAgainLimit', askAgainLimit, '1 to 10; levers.askAgain: false turns it off');
  if (rescue) checkRescue(rescue);
  if (answerWith !== undefined && !(answerWith instanceof llm.LLM))
    refuse('answerWith', String(answerWith), 'new FirstwordLLM(…), or an LLM of one of LiveKit’s plugins');
  if (greeting !== undefined && !(typeof greeting === 'string' && greeting.trim()))
    refuse('greeting', `"${greeting}"`, 'a text, or leave it out for none');
  if (records !== undefined && typeof records !== 'string' && typeof records !== 'object')
    refuse('records', records, 'a folder, or { dir, onTurn }');
}
