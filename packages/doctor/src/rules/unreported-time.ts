import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { evidenceLine, isNoticeable, ms, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf, LOG_TURNS } from './finding-of.js';
import { unexplainedRestMs } from './hand-off.js';

/** Less than this is rounding, audio frames and the playout’s buffer. */
const MIN_MS = 250;

/** The first answer of a call, and no other. */
const isFirstOnly = (turns: readonly EvidenceTurn[]): boolean => turns.every(({ turn }) => turn === 1);

/** Finds time between the parts of a turn that no stage reports. */
export const unreportedTime: Rule = {
  id: 'unreported-time',
  title: 'Time that no stage reports',
  looksFor:
    'a whole that is clearly longer than the end of the turn, your code, the LLM and the TTS together',
  needs: 'a chat history or traces with `e2e_latency` and the parts',
  part: 'whole turn',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => (unexplainedRestMs(turn) ?? 0) > MIN_MS);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? [0, unexplainedRestMs(turn)!, unexplainedRestMs(turn)!] : 0),
      'all of it could be taken away, which is not known before its cause is',
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const rest = median(turns.map((turn) => unexplainedRestMs(turn)!))!;
    const share =
      turns.reduce((sum, turn) => sum + unexplainedRestMs(turn)!, 0) /
      turns.reduce((sum, { gapMs }) => sum + gapMs!, 0);
    const held = isFirstOnly(turns)
      ? 'the first answer only: its playout is held until something else is over, such as answering machine detection, a greeting that is still spoken, or a participant whose audio is not subscribed yet'
      : 'a playout that waits for earlier speech, a tool or a hand-over to another agent without metrics, a custom node, or an audio output (a telephone, an avatar) that takes its time';
    return [
      findingOf(this, {
        kind: 'unknown',
        verdict: `${ms(rest)} (${percent(share)}) of ${turns.length === 1 ? 'one turn' : `${turns.length} turns`} are reported by no stage: the end of the turn, the LLM and the TTS together are that much shorter than the whole. The data does not say what they are.`,
        evidence: [
          evidenceLine(
            '`e2e_latency` − end of turn − your code − first token − first byte',
            turns,
            (turn) => unexplainedRestMs(turn)!,
          ),
          evidenceLine(`can be: ${held}`, []),
        ],
        confidence: {
          value: 0.45,
          why: 'the difference is certain, its cause is not in the data; the sentence splitter is never that slow',
        },
        saving,
        fix: {
          livekit: {
            text: 'Log when the agent begins to speak and when each frame is sent, and compare with these turns, before anything is changed',
            code: 'session.on(voice.AgentSessionEventTypes.AgentStateChanged, (e) => console.log(Date.now(), e.oldState, e.newState));',
            python:
              '@session.on("agent_state_changed")\ndef on_state(ev):\n    logger.info("state", extra={"old": ev.old_state, "new": ev.new_state})',
          },
          firstword: {
            text: 'Its records time every step of a turn, so that nothing is left over',
            code: 'new AgentSession({ stt, llm, tts })',
          },
        },
        check: 'The parts add up to `e2e_latency` within 100 ms.',
        logNext: LOG_TURNS,
      }),
    ];
  },
};
