import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf, sameRemedy } from './finding-of.js';

/** Local engines, and their usual time on two idle cores (this project’s README and docs/ledger.md). */
const LOCAL_TTS = /flite|espeak|piper|kokoro/i;
const LOCAL_STT = /moonshine|whisper\.cpp|vosk/i;
const USUAL_TTS_MS = 60;
const USUAL_STT_MS = 400;
/** Above this multiple of the usual time, longer text is no explanation. */
const FACTOR = 2.5;

const ttsMs = (turn: EvidenceTurn): number =>
  LOCAL_TTS.test(turn.tts?.provider ?? '') || LOCAL_TTS.test(turn.tts?.model ?? '')
    ? waitedMs(turn, 'voice')
    : 0;
const sttMs = (turn: EvidenceTurn): number =>
  LOCAL_STT.test(turn.stt?.provider ?? '') || LOCAL_STT.test(turn.stt?.model ?? '')
    ? waitedMs(turn, 'stt')
    : 0;
const lostMs = (turn: EvidenceTurn): number => {
  const extraTtsMs = ttsMs(turn) > FACTOR * USUAL_TTS_MS ? ttsMs(turn) - USUAL_TTS_MS : 0;
  const extraSttMs = sttMs(turn) > FACTOR * USUAL_STT_MS ? sttMs(turn) - USUAL_STT_MS : 0;
  return extraTtsMs + extraSttMs;
};

/** Finds machines that are too busy for their VAD, STT or TTS. */
export const cpuStarvation: Rule = {
  id: 'cpu-starvation',
  title: 'The machine is too busy',
  looksFor: 'local inference slower than real time, and warnings of high load',
  needs: 'a log with LiveKit’s warnings, or local engines in Firstword’s records',
  part: 'machine',
  examine(evidence) {
    const events = evidence.events.filter(({ kind }) => kind === 'slow inference' || kind === 'high load');
    const turns = evidence.answered.filter((turn) => lostMs(turn) > 0);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? lostMs(turn) : 0),
      'local engines as fast as on two idle cores',
      ['stt', 'voice'],
    );
    const isSlow = turns.length > 0 && isNoticeable(saving);
    if (events.length === 0 && !isSlow) return [];
    const delays = events.flatMap((event) => event.ms ?? []);
    const said =
      events.length > 0
        ? `LiveKit warns ${events.length} times that local inference is late${delays.length > 0 ? ` (${ms(median(delays)!)} at the median)` : ''}`
        : '';
    const lost = isSlow
      ? `local speech engines take ${ms(median(turns.map(lostMs))!)} too long in ${turns.length} turns`
      : '';
    return [
      findingOf(this, {
        verdict: `The machine has too little CPU for its calls: ${[said, lost].filter(Boolean).join('; ')}.`,
        evidence: [
          ...events.slice(0, 3).map(({ place }) => evidenceLine(`warned at ${place}`, [])),
          ...(isSlow ? [evidenceLine('local TTS or STT slower than usual', turns, lostMs)] : []),
        ],
        confidence: confidenceFrom(
          events.length > 0 ? 0.85 : 0.65,
          events.length + turns.length,
          events.length > 0
            ? 'VAD runs in every turn: late inference delays each end of turn'
            : 'local engines do not depend on the network',
        ),
        ...(isSlow ? { saving } : {}),
        fix: sameRemedy(
          'Run fewer calls per worker, or add cores: LiveKit accepts new jobs up to the load threshold',
          'new ServerOptions({ agent, loadThreshold: 0.5 })',
        ),
        check: 'The warning is gone from the log, and the load stays below half at your busiest hour.',
        logNext: {
          text: 'Log load beside the calls',
          code: 'setInterval(() => console.log(JSON.stringify({ load: os.loadavg()[0], cores: os.cpus().length })), 10_000).unref();',
        },
        experiment: 'Run one call alone on the machine: whatever becomes faster lacked CPU.',
      }),
    ];
  },
};
