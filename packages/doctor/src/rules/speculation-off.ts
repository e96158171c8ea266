import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { beforeReplyMs, hasLedger } from '../waited.js';
import { findingOf } from './finding-of.js';
import { hasSpeculated, savedFromFinalMs } from './speculated.js';

/** Reported parts that add up to the whole within this ran one after another. */
const IN_A_ROW_MS = 60;
const MAX_STARTED = 0.1;

/** The reported parts leave no room for an LLM request before the reply was released. */
function isInARow(turn: EvidenceTurn): boolean {
  const beforeMs = beforeReplyMs(turn);
  const { ttftMs, ttsMs } = turn.parts;
  if (turn.measure !== 'firstFrame' || beforeMs === undefined || ttftMs === undefined || ttsMs === undefined)
    return false;
  return turn.gapMs! - beforeMs - ttftMs - ttsMs > -IN_A_ROW_MS;
}

const isPatient = (turn: EvidenceTurn): boolean =>
  hasLedger(turn) ? turn.speculation !== undefined && !hasSpeculated(turn) : isInARow(turn);

/** Finds agents whose LLM starts only when the turn is committed. */
export const speculationOff: Rule = {
  id: 'speculation-off',
  title: 'Nothing starts before the end of the turn',
  looksFor: 'answers whose LLM request was sent only after the turn was over',
  needs: 'Firstword’s records, or a chat history with metrics',
  part: 'speculation',
  examine(evidence) {
    const able = evidence.answered.filter((turn) =>
      hasLedger(turn) ? turn.speculation !== undefined : turn.measure === 'firstFrame',
    );
    const turns = able.filter(isPatient);
    const started = evidence.turns.filter(hasSpeculated).length;
    if (turns.length === 0 || started > MAX_STARTED * evidence.turns.length || turns.length < able.length / 2)
      return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? savedFromFinalMs(turn) : 0;
        return [most * 0.5, most * 0.8, most];
      },
      'the LLM starts at the final transcript and four of five speculations are kept; where its time is unknown, the final transcript comes 250 ms after the last word',
    );
    if (!isNoticeable(saving)) return [];
    const isTold = turns.some(hasLedger);
    const isSetOff = turns.some(({ settings }) => settings?.['preemptiveGeneration.enabled'] === false);
    return [
      findingOf(this, {
        verdict: `The LLM is asked only after the turn is over${isTold ? '' : ': the parts add up to the whole, so no answer that was begun earlier was used'}; started at the transcript, ${ms(saving.meanMs)} of that wait would be over by then.`,
        evidence: [
          evidenceLine(
            isTold
              ? 'no speculation was started'
              : 'end of turn, first token and first byte in a row are the whole gap',
            turns,
            savedFromFinalMs,
          ),
        ],
        confidence: confidenceFrom(
          isTold ? 0.85 : isSetOff ? 0.92 : 0.48,
          turns.length,
          isTold
            ? 'the record counts what was started'
            : isSetOff
              ? 'the session’s options say that it is off'
              : 'LiveKit’s is on by default: here it was off, came too late or was thrown away',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Leave preemptive generation on (it is read from the session, not the agent), and do not edit the chat context in `onUserTurnCompleted`',
            code: 'new voice.AgentSession({ turnHandling: { preemptiveGeneration: { enabled: true, maxRetries: 20 } } })',
            python:
              'AgentSession(turn_handling={"preemptive_generation": {"enabled": True, "max_retries": 20}})',
          },
          firstword: {
            text: 'It starts on interim transcripts that are probably complete',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { speculation: true } } })',
          },
        },
        check: '`speculation.kept` is 1 in most records, and the LLM’s segments are hidden work.',
        experiment:
          'Log `metrics_collected`: an `llm_metrics` whose request began before the `eou_metrics` is a speculation that was used; with two of them for one turn, one was discarded.',
      }),
    ];
  },
};
