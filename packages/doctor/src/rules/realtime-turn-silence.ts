import type { SegmentName } from '@firstword/turn';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Remedy } from '../finding.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { detectionType, realtimeTurns, remedyOf, spreadOf, turnDetectionMs } from './realtime-model.js';

/** OpenAI's default is 500 ms of silence; audio goes out 100 ms at a time. */
const LONG_MS = 650;
/** Silence that a telephone agent can do with: least, likeliest and most is saved with the default, with this, and with the defaults of LiveKit's plugins for xAI and Azure. */
const REACHABLE_MS = 400;
const DEFAULT_MS = 500;
const SHORTEST_MS = 200;

/** The silence that the session asks for, as reported, ms. */
function askedMs({ settings }: EvidenceTurn): number | undefined {
  const bound = settings?.['turnDetection.bound'];
  const value = typeof bound === 'string' ? settings?.[bound] : undefined;
  return typeof value === 'number' ? value : undefined;
}

const OPENAI: Remedy = {
  text: 'Lower `silence_duration_ms` in OpenAI’s server VAD step by step, and count how often callers are cut off; semantic VAD waits less after a complete sentence',
  code: "new openai.realtime.RealtimeModel({ turnDetection: { type: 'server_vad', silence_duration_ms: 400 } })",
  python:
    'openai.realtime.RealtimeModel(turn_detection=ServerVad(type="server_vad", silence_duration_ms=400))  # from openai.types.realtime.realtime_audio_input_turn_detection',
};
const GOOGLE: Remedy = {
  text: 'Lower `silenceDurationMs` of Gemini’s activity detection step by step, and count how often callers are cut off',
  code: 'new google.realtime.RealtimeModel({ realtimeInputConfig: { automaticActivityDetection: { silenceDurationMs: 400 } } })',
  python:
    'google.realtime.RealtimeModel(realtime_input_config=types.RealtimeInputConfig(automatic_activity_detection=types.AutomaticActivityDetection(silence_duration_ms=400)))  # from google.genai',
};

/** Finds realtime providers that wait for a long silence before they answer. */
export const realtimeTurnSilence: Rule = {
  id: 'realtime-turn-silence',
  title: 'The realtime provider waits for a long silence',
  looksFor: 'a realtime provider whose turn detection ends the turn only after a long silence',
  needs: 'Firstword’s records',
  part: 'end of turn',
  examine(evidence) {
    const measured = realtimeTurns(evidence.answered).filter(
      (turn) => detectionType(turn) !== 'semantic_vad',
    );
    const turns = measured.filter((turn) => turnDetectionMs(turn) > LONG_MS);
    if (turns.length < measured.length / 2 || turns.length === 0) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const waitMs = turnDetectionMs(turn);
        return members.has(turn) ? [waitMs - DEFAULT_MS, waitMs - REACHABLE_MS, waitMs - SHORTEST_MS] : 0;
      },
      `the turn ends after ${REACHABLE_MS} ms of silence`,
      ['realtimeTurnDetection'],
    );
    if (!isNoticeable(saving)) return [];
    const { p50Ms } = spreadOf(turns, turnDetectionMs);
    const asked = turns.map(askedMs).find((value) => value !== undefined);
    const remedy = remedyOf(turns, { openai: OPENAI, google: GOOGLE });
    return [
      findingOf(this, {
        verdict: `The provider ends the caller’s turn after ${ms(p50Ms)} of silence${asked === undefined ? '' : `: \`silence_duration_ms\` is ${asked}`}.`,
        evidence: [
          evidenceLine(
            `last sample to the provider’s end of the turn, median ${ms(p50Ms)}`,
            turns,
            turnDetectionMs,
          ),
        ],
        confidence: confidenceFrom(
          asked === undefined ? 0.8 : 0.94,
          turns.length,
          asked === undefined
            ? 'the wait was timed; which setting makes it is not reported'
            : 'the session reports the setting, and the wait was timed',
        ),
        saving,
        fix: { livekit: remedy, firstword: remedy },
        check: `The \`${'provider turn detection' satisfies SegmentName}\` segment is about as long as the setting, and callers are not cut off more often.`,
        experiment:
          'Lower the silence by 100 ms for a day: `bargeIn` and interrupted turns in `firstword report` show whether callers are cut off.',
      }),
    ];
  },
};
