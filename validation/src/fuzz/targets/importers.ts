import { readdirSync, readFileSync } from 'node:fs';
import { examineText } from '@firstword/doctor';
import {
  COLLECTORS,
  CONSOLE_LOGS,
  HISTORIES,
  LOG_SERVICES,
  PLATFORM_CALLS,
  REFUSED,
  TRACES,
} from '@firstword/records/testing';
import { oneOf, type Random } from '@firstword/turn/statistics';
import { mutated, textOf } from '../inputs.js';
import { expect, type FuzzTarget } from './target.js';

const EXPORTS = new URL('../../../../packages/records/src/testing/livekit/', import.meta.url);
const JSON_PARTS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  'null',
  'true',
  '-1',
  '0',
  '1e308',
  '-1e309',
  '9007199254740993',
  '"NaN"',
  '{}',
  '[]',
  '""',
  '{"toString":1}',
  '"__proto__"',
  '"constructor"',
  '{"length":-1}',
  '"2026-01-01T00:00:00Z"',
  '"+275760-09-13T00:00:00.000Z"',
  '1e15',
  '"lk.e2e_latency"',
  '"metrics"',
  '"chat.item"',
  '"items"',
  '"role"',
  '"schema"',
  '"firstword.turn/1"',
  '"resourceSpans"',
  '"attributes"',
  '\n',
  ' ',
  '  a: 1',
  '10:00:00 INFO ',
  '[10:00:00.1] INFO (12): LLM metrics',
  'EOU metrics',
  'agent-1  | ',
  '[pod/a-1/b] ',
  '2026-05-06T09:30:00.1Z ',
  '2026-05-06T09:30:00.1Z stderr P ',
  '2026-05-06T09:30:00.1Z stderr F ',
  'May 06 09:30:00 oak agent[1]: ',
  '<14>1 ',
  '> ',
  '```',
  '{"log":"',
  '\\n","stream":"stderr"}',
  '"MESSAGE":[1,2]',
  '"__REALTIME_TIMESTAMP":"1"',
  '"textPayload"',
  '"jsonPayload"',
  '"@message"',
  'timestamp,message',
  '\\"',
  "{'",
  "'",
  'None',
  'EOUMetrics(',
  '(',
  ')',
  '<',
  'ttft=',
  'ttft=0.4',
  'metrics={',
  '[Object: null prototype] {',
  ' TTFB: 0.7',
  'User stopped speaking',
  '"rtvi-ai"',
  '"latency"',
  '"turnLatencies"',
  '"startTime"',
  '"operationName"',
  'Executing <',
  'marking ',
  'model ',
  '\u001b[',
  '{"arrayValue":{"values":[',
  ']}}',
  '“',
  '\ufeff',
  '\r',
];
const LOG_LINES = [
  '{"level":30,"time":1780000000000,"pid":7,"type":"eou_metrics","endOfUtteranceDelayMs":620,"transcriptionDelayMs":310}',
  '{"level":30,"time":1780000001000,"pid":7,"type":"llm_metrics","ttftMs":512.2,"promptTokens":100}',
  '{"level":30,"time":1780000002000,"pid":7,"msg":"TTS metrics","ttfbMs":180}',
  '[10:19:11.748] INFO (4711): LLM metrics',
  '    ttftMs: 512.2',
  '2026-06-05 10:19:11,748 - INFO livekit.agents - LLM metrics {"ttft": 0.5}',
  '2026-01-01 10:00:00,000 - WARNING asyncio - Executing <Task pending> took 0.350 seconds',
  '{"schema":"firstword.turn/1","callId":"a","turn":1,"at":"2026-01-01T00:00:00.000Z","marks":{"speechEnded":1,"firstAudible":900},"segments":[],"hidden":[],"interrupted":false,"bargeIn":false,"toolCalls":0}',
];

const CONSOLE = Object.values(CONSOLE_LOGS);
/** Every format that the importers read or refuse, as a whole. */
const FORMATS = [
  ...CONSOLE.map((log) => log.flatMap(({ lines }) => lines).join('\n')),
  ...[...Object.values(COLLECTORS), ...Object.values(LOG_SERVICES)].flatMap((wrap, at) =>
    wrap(CONSOLE[at % CONSOLE.length]!),
  ),
  ...[TRACES, HISTORIES, PLATFORM_CALLS, REFUSED].flatMap((texts) => Object.values(texts)),
];

/** Lines of recorded exports, of logs and of records. Very long lines would make each input slow. */
const samples = [
  ...LOG_LINES,
  ...FORMATS.flatMap((text) => text.split('\n')),
  ...readdirSync(EXPORTS).flatMap((name) => readFileSync(new URL(name, EXPORTS), 'utf8').split('\n')),
].filter((line) => line.length > 1 && line.length < 3_000);

/** Often the shorter of two: a reader meets more cases in the same time. */
function oneOfShort(texts: readonly string[], random: Random): string {
  const [one, other] = [oneOf(texts, random), oneOf(texts, random)];
  return random.uniform() < 0.2 || one.length < other.length ? one : other;
}

/** Whatever reads exports and logs of other programs. */
export const importers: FuzzTarget<string[]> = {
  name: 'importers',
  make(random) {
    if (random.uniform() < 0.05) return [mutated(oneOfShort(FORMATS, random), JSON_PARTS, random)];
    const lines: string[] = [];
    for (let count = Math.min(random.integer(1, 6), random.integer(1, 6)); count > 0; count -= 1) {
      const line = random.uniform() < 0.8 ? oneOfShort(samples, random) : textOf(JSON_PARTS, random);
      lines.push(mutated(line, JSON_PARTS, random));
    }
    return [lines.join('\n')];
  },
  read([text = '']) {
    const { input, turns } = examineText(text);
    const understood = input.understood.reduce((sum, { lines }) => sum + lines, 0);
    expect(understood <= input.lines, 'more lines were understood than there are');
    expect(!input.someBadLines.some(({ reason }) => reason.startsWith('cannot be read')), 'a line threw');
    for (const { gapMs } of turns)
      expect(gapMs === undefined || Number.isFinite(gapMs), 'a gap is no number');
  },
};
