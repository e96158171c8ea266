import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf, sameRemedy } from './finding-of.js';

/** Engines on this machine, and what they take on two quiet cores (this project’s README and docs/ledger.md). */
const LOCAL_VOICE = /flite|espeak|piper|kokoro/i;
const LOCAL_EARS = /moonshine|whisper\.cpp|vosk/i;
const USUAL_VOICE_MS = 60;
const USUAL_EARS_MS = 400;
/** So many times the usual is no variation of the text. */
const FACTOR = 2.5;

const voiceMs = (turn: EvidenceTurn): number =>
  LOCAL_VOICE.test(turn.tts?.provider ?? '') || LOCAL_VOICE.test(turn.tts?.model ?? '')
    ? waitedMs(turn, 'voice')
    : 0;
const earsMs = (turn: EvidenceTurn): number =>
  LOCAL_EARS.test(turn.stt?.provider ?? '') || LOCAL_EARS.test(turn.stt?.model ?? '')
    ? waitedMs(turn, 'stt')
    : 0;
const lostMs = (turn: EvidenceTurn): number => {
  const voice = voiceMs(turn) > FACTOR * USUAL_VOICE_MS ? voiceMs(turn) - USUAL_VOICE_MS : 0;
  const ears = earsMs(turn) > FACTOR * USUAL_EARS_MS ? earsMs(turn) - USUAL_EARS_MS : 0;
  return voice + ears;
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
      'local engines at the pace of two quiet cores',
    );
    const isSlow = turns.length > 0 && isNoticeable(saving);
    if (events.length === 0 && !isSlow) return [];
    const delays = events.flatMap((event) => event.ms ?? []);
    const said =
      events.length > 0
        ? `LiveKit warns ${events.length} times that local inference is late${delays.length > 0 ? ` (${ms(median(delays)!)} in the middle)` : ''}`
        : '';
    const lost = isSlow
      ? `local speech engines take ${ms(median(turns.map(lostMs))!)} too long in ${turns.length} turns`
      : '';
    return [
      findingOf(this, {
        verdict: `The machine has too little CPU for its calls: ${[said, lost].filter(Boolean).join('; ')}.`,
        evidence: [
          ...events.slice(0, 3).map(({ place }) => evidenceLine(`warned at ${place}`, [])),
          ...(isSlow ? [evidenceLine('local voice or ears beyond their usual time', turns, lostMs)] : []),
        ],
        confidence: confidenceFrom(
          events.length > 0 ? 0.85 : 0.65,
          events.length + turns.length,
          events.length > 0
            ? 'VAD runs in every turn: late inference delays each end of turn'
            : 'local engines have no network to blame',
        ),
        ...(isSlow ? { saving } : {}),
        fix: sameRemedy(
          'Fewer calls a worker, or more cores: LiveKit takes new jobs until the load threshold',
          'new ServerOptions({ agent, loadThreshold: 0.5 })',
        ),
        check: 'The warning is gone from the log, and the load stays below half at your busiest hour.',
        logNext: {
          text: 'Log load beside the calls',
          code: 'setInterval(() => console.log(JSON.stringify({ load: os.loadavg()[0], cores: os.cpus().length })), 10_000).unref();',
        },
        experiment: 'Run one call alone on the machine: what becomes fast was starved.',
      }),
    ];
  },
};
