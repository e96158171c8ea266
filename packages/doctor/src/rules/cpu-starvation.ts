import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn, RunEvent } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Confidence } from '../finding.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { eventsWhileWaiting, isStarved, SHARE_IN_DOUBT, UNRESPONSIVE_MS } from './machine-late.js';

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
const slowEnginesMs = (turn: EvidenceTurn): number => {
  const extraTtsMs = ttsMs(turn) > FACTOR * USUAL_TTS_MS ? ttsMs(turn) - USUAL_TTS_MS : 0;
  const extraSttMs = sttMs(turn) > FACTOR * USUAL_STT_MS ? sttMs(turn) - USUAL_STT_MS : 0;
  return extraTtsMs + extraSttMs;
};

const STARVED: readonly RunEvent['kind'][] = [
  'slow inference',
  'process not scheduled',
  'process unresponsive',
  'high load',
];

/** How late inference was in this turn, by its worst warning: each is as late as the one before was, and more. */
function warnedMs(turn: EvidenceTurn): number {
  return Math.max(
    0,
    ...eventsWhileWaiting(turn, STARVED).map(
      ({ kind, ms: late }) => late ?? (kind.startsWith('process') ? UNRESPONSIVE_MS : 0),
    ),
  );
}

const lostMs = (turn: EvidenceTurn): number => Math.max(slowEnginesMs(turn), warnedMs(turn));

/** What the warnings in these turns say, and how often. */
function warningsText(turns: readonly EvidenceTurn[]): string {
  const events = new Set(turns.flatMap((turn) => eventsWhileWaiting(turn, STARVED)));
  if (events.size === 0) return '';
  const delays = [...events].flatMap(({ ms: late }) => late ?? []);
  const late = delays.length > 0 ? ` (${ms(median(delays)!)} late at the median)` : '';
  return `LiveKit warns ${events.size} times while callers wait that inference or the process is late${late}`;
}

function confidenceOf(
  turns: number,
  { isWarned, isSure }: { isWarned: boolean; isSure: boolean },
): Confidence {
  if (!isWarned) return confidenceFrom(0.65, turns, 'local engines do not depend on the network');
  return isSure
    ? confidenceFrom(
        0.92,
        turns,
        'VAD and turn detection run in every turn: late inference delays each end of turn, and everything after it',
      )
    : confidenceFrom(0.4, turns, 'a process that is blocked by its own code answers its worker late as well');
}

/** Finds machines that are too busy for their VAD, STT or TTS. */
export const cpuStarvation: Rule = {
  id: 'cpu-starvation',
  title: 'The machine is too busy',
  looksFor:
    'local inference slower than real time, and a process that is not scheduled, while a caller waits',
  needs: 'a log with LiveKit’s warnings, or local engines in Firstword’s records',
  part: 'machine',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => lostMs(turn) > 0);
    const warned = turns.filter((turn) => warnedMs(turn) > 0);
    const isSure = isStarved(evidence);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? lostMs(turn) : 0),
      'no inference is late, and local engines are as fast as on two idle cores',
      warned.length > 0 ? [] : ['stt', 'voice'],
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const engines = turns.filter((turn) => slowEnginesMs(turn) > 0);
    const lost =
      engines.length > 0
        ? `local speech engines take ${ms(median(engines.map(slowEnginesMs))!)} too long in ${engines.length} turns`
        : '';
    return [
      findingOf(this, {
        verdict: `The machine has too little CPU for its calls: ${[warningsText(warned), lost].filter(Boolean).join('; ')}.`,
        evidence: [
          ...(warned.length > 0 ? [evidenceLine('warned while the caller waited', warned, warnedMs)] : []),
          ...(engines.length > 0
            ? [evidenceLine('local TTS or STT slower than usual', engines, slowEnginesMs)]
            : []),
        ],
        confidence: confidenceOf(turns.length + warned.length, { isWarned: warned.length > 0, isSure }),
        saving,
        ...(isSure && warned.length > SHARE_IN_DOUBT * evidence.answered.length
          ? { delaysEveryStepMs: median(warned.map(warnedMs))! }
          : {}),
        fix: {
          livekit: {
            text: 'Run fewer calls per worker, or add cores: LiveKit accepts new jobs up to the load threshold, and one slow vCPU is too little for one call with local models',
            code: 'new ServerOptions({ agent, loadThreshold: 0.5 })',
            python: 'AgentServer(load_threshold=0.5)',
          },
          firstword: {
            text: 'Run fewer calls per worker, or add cores: Firstword’s local models need CPU as well',
          },
        },
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
