import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn, RunEvent } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';

/** The median commit with a detector that answers in time: docs/endpointing.md. */
const REACHABLE_MS = 360;

const isFailure = ({ kind }: RunEvent): boolean => kind === 'detector failed';

/** The turns from the failure on: the session keeps to the local model. */
export function afterFailure(
  calls: readonly (readonly EvidenceTurn[])[],
  events: readonly RunEvent[],
): EvidenceTurn[] {
  const failures = events.filter(isFailure);
  if (failures.length === 0) return [];
  return calls.flatMap((call) => {
    const own = failures.filter(
      (event) =>
        event.call === undefined ||
        event.call === call[0]!.callId ||
        call.some(({ events }) => events.includes(event)),
    );
    const sinceMs = Math.min(...own.map(({ atMs = 0 }) => atMs));
    return own.length === 0 ? [] : call.filter(({ atMs }) => atMs <= 0 || atMs >= sinceMs);
  });
}

/** Finds calls in which LiveKit's cloud turn detector failed. */
export const detectorFailover: Rule = {
  id: 'detector-failover',
  title: 'The cloud turn detector fails',
  looksFor: 'LiveKit’s warning that its cloud turn detector failed and a local model took over',
  needs: 'a log with LiveKit’s warnings beside the metrics',
  part: 'end of turn',
  examine(evidence) {
    const failures = evidence.events.filter(isFailure);
    const members = new Set(afterFailure(evidence.calls, evidence.events));
    const turns = evidence.answered.filter(
      (turn) => members.has(turn) && (turn.parts.endOfTurnMs ?? 0) > REACHABLE_MS,
    );
    if (failures.length === 0 || turns.length === 0) return [];
    const saving = savingOn(
      evidence,
      (turn) => {
        const excess = members.has(turn) ? (turn.parts.endOfTurnMs ?? 0) - REACHABLE_MS : 0;
        return [excess * 0.4, excess, excess];
      },
      `a commit after ${ms(REACHABLE_MS)}, with a detector and transcripts that come in time; both travel the same way`,
    );
    if (!isNoticeable(saving)) return [];
    const waited = median(turns.map(({ parts }) => parts.endOfTurnMs!))!;
    const late = turns.filter(({ events }) => events.some(({ kind }) => kind === 'late transcript')).length;
    const lateText =
      late > 0
        ? ` In ${late} of these turns LiveKit also says that the transcript came after the detector was done: the way to LiveKit Cloud is slow for both.`
        : '';
    return [
      findingOf(this, {
        verdict: `LiveKit’s cloud turn detector failed, and the small local model took over; since then the turn is committed after ${ms(waited)} in ${turns.length} turns.${lateText}`,
        evidence: [
          ...failures.slice(0, 2).map(({ place }) => evidenceLine(`warned at ${place}`, [])),
          evidenceLine(
            `committed after ${ms(waited)} at the median since then`,
            turns,
            ({ parts }) => parts.endOfTurnMs!,
          ),
        ],
        confidence: confidenceFrom(0.92, turns.length + failures.length, 'LiveKit says so'),
        saving,
        fix: {
          livekit: {
            text: 'Run the agent near LiveKit Cloud’s region, look for a proxy or firewall that delays its websocket, or take the local model from the start and leave out the time-out',
            code: "turnHandling: { turnDetection: new inference.TurnDetector({ version: 'v1-mini' }) }",
            python:
              'AgentSession(turn_handling={"turn_detection": inference.TurnDetector(version="v1-mini")})',
          },
          firstword: {
            text: 'A detector that is late is not waited for',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { endpointing: true } } })',
          },
        },
        check: 'The warning is gone, and `lk.eou.detection_delay` in traces is below 150 ms.',
        experiment:
          'Measure the round trip from the agent’s machine to LIVEKIT_INFERENCE_URL with curl, ten times.',
      }),
    ];
  },
};
