import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { commitDelays, commitMs } from './commit-delays.js';
import { findingOf } from './finding-of.js';
import { eventsWhileWaiting } from './machine-late.js';

/** Below this many other turns, nothing says what is usual. */
const MIN_USUAL = 3;

/** LiveKit's own warning that the detector's answer took long. */
const isWarned = (turn: EvidenceTurn): boolean => turn.events.some(({ kind }) => kind === 'detector late');

/** The commit with LiveKit's default delay, where no other turn shows what is usual. */
const USUAL_MS = 560;

function warnedVerdict(turns: readonly EvidenceTurn[], all: number): string {
  const trips = turns.flatMap(({ events }) =>
    events.flatMap(({ kind, ms: late }) => (kind === 'detector late' && late !== undefined ? [late] : [])),
  );
  const trip = trips.length > 0 ? ` (${ms(median(trips)!)} at the median)` : '';
  return `LiveKit warns in ${turns.length} of ${all} turns that the answer of the turn detector takes too long${trip}: these turns are committed after ${ms(median(turns.map(commitMs))!)}.`;
}

const isExplained = (turn: EvidenceTurn): boolean => eventsWhileWaiting(turn, ['detector failed']).length > 0;

/** Finds commits that came late although the words and the short delay were over: the turn detector's answer was waited for. */
export const detectorLate: Rule = {
  id: 'detector-late',
  title: 'The turn detector answers late',
  looksFor:
    'single commits well after the short delay, at no constant time, although the transcript came as early as ever',
  needs: 'end-of-turn and transcription delays over several turns',
  part: 'end of turn',
  examine(evidence) {
    const { short, late } = commitDelays(evidence.answered);
    const warned = evidence.answered.filter((turn) => isWarned(turn) && turn.parts.endOfTurnMs !== undefined);
    const alone = late.filter((turn) => turn.parts.sttFinalMs !== undefined && !isExplained(turn));
    const turns = warned.length > 0 ? warned : alone;
    if (turns.length === 0) return [];
    if (warned.length === 0 && (short.length < MIN_USUAL || turns.length > short.length)) return [];
    const usual = median(short.filter((turn) => !isWarned(turn)).map(commitMs)) ?? USUAL_MS;
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? commitMs(turn) - usual : 0),
      `these turns are committed after ${ms(usual)}, as the others are`,
      ['endpointing', 'decision'],
    );
    if (!isNoticeable(saving)) return [];
    const waited = median(turns.map(commitMs))!;
    return [
      findingOf(this, {
        verdict:
          warned.length > 0
            ? warnedVerdict(warned, evidence.answered.length)
            : `${turns.length} of ${evidence.answered.length} turns are committed after ${ms(waited)} instead of ${ms(usual)}, although their words were there as early: it is no constant delay, so the answer of the turn detector was waited for.`,
        evidence: [
          evidenceLine(
            `committed after ${ms(waited)} at the median; the transcript was there`,
            turns,
            commitMs,
          ),
        ],
        confidence: confidenceFrom(
          warned.length > 0 ? 0.92 : 0.65,
          turns.length,
          warned.length > 0
            ? 'LiveKit says so'
            : 'neither the transcript nor a constant delay explains it; a busy machine would show in other stages too',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Run the detector beside the agent: the audio model on the machine has no round trip',
            code: "turnHandling: { turnDetection: new inference.TurnDetector({ version: 'v1-mini' }) }",
            python:
              'AgentSession(turn_handling={"turn_detection": inference.TurnDetector(version="v1-mini")})',
          },
          firstword: {
            text: 'A detector that is late is not waited for: silence and words decide then',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { endpointing: true } } })',
          },
        },
        check: 'The 95th percentile of the end-of-turn delay is close to its median.',
        logNext: {
          text: 'Export traces: the `eou_detection` spans have `lk.eou.detection_delay`, the detector’s own time',
        },
        experiment: 'Take the local model for one call: if the late commits are gone, it was the round trip.',
      }),
    ];
  },
};
