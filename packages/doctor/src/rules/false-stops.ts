import { median } from '@firstword/turn/statistics';
import { confidenceFrom, evidenceLine, ms, percent, savingOnSilences } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { stopsOf } from './stops.js';

const MIN_FALSE = 3;
/** Share of false stops from which the agent stops at too much. */
const MIN_SHARE = 0.3;
/** A false stop that is longer than this is heard as a stop, and not as a pause, ms. */
const LONG_MS = 1_000;
/** What remains of one where a short sound without words lets the agent go on, ms. */
const SHORT_MS = 600;

/** Finds agents that stop at coughs, attention words or echo, and are then silent for long. */
export const falseStops: Rule = {
  id: 'false-stops',
  title: 'The agent stops at sounds that are no interruption',
  looksFor: 'stops after which no words came and speech went on, and how long the agent was silent then',
  needs: 'Firstword’s records, with interruptions',
  part: 'interruptions',
  examine(evidence) {
    const stops = stopsOf(evidence);
    const wrong = stops.filter(({ isFalse }) => isFalse);
    const silentMs = (stop: (typeof wrong)[number]) => stop.silentMs ?? 0;
    const middle = median(wrong.flatMap((stop) => stop.silentMs ?? []));
    if (wrong.length < MIN_FALSE || wrong.length < MIN_SHARE * stops.length) return [];
    if (middle === undefined || middle < LONG_MS) return [];
    const longest = new Map(wrong.map((stop) => [stop.turn, silentMs(stop)]));
    const saving = savingOnSilences(
      wrong.map((stop) => ({ ms: silentMs(stop), savedMs: silentMs(stop) - SHORT_MS })),
      `speech goes on ${SHORT_MS} ms after a false stop`,
    );
    return [
      findingOf(this, {
        verdict: `${wrong.length} of ${stops.length} stops (${percent(wrong.length / stops.length)}) were at sounds that were no interruption, and the agent was silent for ${ms(middle)} after them.`,
        evidence: [
          evidenceLine(
            `false stop to speech again, median ${ms(middle)}`,
            [...longest.keys()],
            (turn) => longest.get(turn)!,
          ),
        ],
        confidence: confidenceFrom(0.85, wrong.length, 'no words followed these sounds'),
        ...(saving ? { saving, savingOf: 'bargeIn' as const } : {}),
        fix: {
          livekit: {
            text: 'Wait less for words before speech goes on; noise cancellation keeps room and echo out',
            code: 'const session = new voice.AgentSession({ stt, llm, tts, turnHandling: { interruption: { falseInterruptionTimeout: 600 } } });',
            python: 'AgentSession(turn_handling={"interruption": {"false_interruption_timeout": 0.6}})',
          },
          firstword: {
            text: 'The lever `bargeIn` goes on after a short sound as soon as no words follow, and at once after “mhm”. Leave `falseInterruptionTimeout` unset',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { bargeIn: true } } })',
          },
        },
        check: 'In the records, `resumedMs` − `stoppedMs` of interruptions with `isFalse` is below 700 ms.',
        experiment:
          'Listen to the caller’s channel at three of these turns: coughs and rooms need noise cancellation, the agent’s own words echo cancellation.',
      }),
    ];
  },
};
