import { groupBy, median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn, valuesOf } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';

/** The pause that LiveKit makes before a retry, where the log does not say. */
const USUAL_PAUSE_MS = 100;

const retriesOf = ({ events }: EvidenceTurn) => events.filter(({ kind }) => kind === 'tts retried');

/** Whether the TTS failed in this turn and was asked again. */
export const hasTtsRetry = (turn: EvidenceTurn): boolean => retriesOf(turn).length > 0;

/** From the first failed attempt to the last pause, or how much later than usual the first byte came: the longer of both. */
function lostMs(turn: EvidenceTurn, usualMs: number): number {
  const retries = retriesOf(turn);
  const times = retries.flatMap(({ atMs }) => atMs ?? []);
  const spanMs = times.length > 1 ? Math.max(...times) - Math.min(...times) : 0;
  const pausesMs = spanMs > 0 ? (retries.at(-1)!.ms ?? USUAL_PAUSE_MS) : 0;
  const oneByOneMs = retries.reduce((sum, { ms: pause = USUAL_PAUSE_MS }) => sum + pause, 0);
  return Math.max(spanMs + pausesMs, oneByOneMs, (turn.parts.ttsMs ?? 0) - usualMs);
}

/** Finds turns in which the TTS failed and was tried again. */
export const ttsRetries: Rule = {
  id: 'tts-retries',
  title: 'The TTS fails and is tried again',
  looksFor: 'LiveKit’s warning that speech could not be synthesized and is tried again',
  needs: 'a log with LiveKit’s warnings beside the metrics',
  part: 'TTS',
  examine(evidence) {
    const turns = evidence.answered.filter(hasTtsRetry);
    if (turns.length === 0) return [];
    const others = evidence.answered.filter((turn) => !hasTtsRetry(turn));
    const usual = median(valuesOf(others, ({ parts }) => parts.ttsMs)) ?? 0;
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? lostMs(turn, usual) : 0),
      'the first attempt succeeds, as in the other turns',
    );
    const count = turns.reduce((sum, turn) => sum + retriesOf(turn).length, 0);
    const [part] = groupBy(turns.flatMap(retriesOf), ({ subject }) => subject ?? 'The TTS').keys();
    return [
      findingOf(this, {
        verdict: `${part} fails in ${turns.length} of ${evidence.answered.length} turns and is tried again (${count} retries): the caller waits up to ${ms(Math.max(...turns.map((turn) => lostMs(turn, usual))))} longer, and no TTFB shows it all.`,
        evidence: [
          evidenceLine('LiveKit’s warning within the turn', turns, (turn) => lostMs(turn, usual)),
          ...turns
            .flatMap(retriesOf)
            .slice(0, 2)
            .map(({ place }) => evidenceLine(`warned at ${place}`, [])),
        ],
        confidence: confidenceFrom(0.95, turns.length + count, 'LiveKit says so'),
        ...(isNoticeable(saving) ? { saving } : {}),
        fix: {
          livekit: {
            text: 'Look at the error beside the warning: a websocket that the vendor closed while idle, a concurrency limit of the plan, a voice id that does not exist. Then add a second voice',
            code: 'new tts.FallbackAdapter({ ttsInstances: [first, second], maxRetryPerTTS: 0 })',
            python: 'tts.FallbackAdapter([first, second], max_retry_per_tts=0)',
          },
          firstword: {
            text: 'The TTS starts before the commit, so that a retry is over sooner; `phrases` need no TTS at all',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { preemptiveTts: true } } })',
          },
        },
        check: 'The warning is gone from the log.',
        experiment:
          'Synthesize one sentence after a minute’s pause: if the first attempt fails, the connection had been closed while idle.',
      }),
    ];
  },
};
