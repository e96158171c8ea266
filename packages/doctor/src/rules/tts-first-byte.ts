import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import { GOOD_TTS_MS } from '../references.js';
import type { Rule } from '../rule.js';
import { hasLedger, waitedMs } from '../waited.js';
import { engineName } from './engine-name.js';
import { findingOf } from './finding-of.js';
import { hasTtsRetry } from './tts-retries.js';

const SLOW_MS = 240;
/** In a smaller share of turns than this, the TTS was slow only occasionally. */
const MIN_SHARE = 0.3;

/** A clause cannot be synthesized before it is generated: count only the wait for the TTS itself. */
const wait = (turn: EvidenceTurn): number => waitedMs(turn, 'voice');

/** Finds a slow time to first byte of the TTS. */
export const ttsFirstByte: Rule = {
  id: 'tts-first-byte',
  title: 'The TTS is slow to start',
  looksFor: 'a TTS time to first byte well above what streaming TTS reach',
  needs: 'a time to first byte',
  part: 'TTS',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => wait(turn) > SLOW_MS && !hasTtsRetry(turn));
    const measured = evidence.answered.filter(({ parts }) => parts.ttsMs !== undefined);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) =>
        members.has(turn)
          ? [wait(turn) - GOOD_TTS_MS - 50, wait(turn) - GOOD_TTS_MS, wait(turn) - GOOD_TTS_MS / 2]
          : 0,
      `a TTS that starts after ${GOOD_TTS_MS} ms`,
      ['voice'],
    );
    if (turns.length < MIN_SHARE * measured.length || turns.length === 0 || !isNoticeable(saving)) return [];
    const middle = median(turns.map(wait))!;
    const { tts } = turns[0]!;
    const seen = turns.some(hasLedger);
    return [
      findingOf(this, {
        verdict: `${engineName(tts, 'The TTS')} takes ${ms(middle)} to its first audio in ${turns.length} of ${measured.length} turns; streaming TTS reach ${GOOD_TTS_MS} ms.`,
        evidence: [evidenceLine(`time to first byte, median ${ms(middle)}`, turns, wait)],
        confidence: confidenceFrom(
          seen ? 0.88 : 0.7,
          turns.length,
          'the time of the TTS itself, after its text was there',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Use the vendor’s fast model in a region near the agent, and keep its connection open: `prewarm` it, and do not build a new TTS for each turn',
            code: "new elevenlabs.TTS({ model: 'eleven_flash_v2_5' })",
            python: 'elevenlabs.TTS(model="eleven_flash_v2_5")',
          },
          firstword: {
            text: 'Start the TTS before the commit; `phrases` caches the audio of fixed phrases',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { preemptiveTts: true } } })',
          },
        },
        check: `The median TTS time to first byte is below ${GOOD_TTS_MS} ms.`,
        experiment:
          'Synthesize one word twice in a row: slow only the first time means the connection, slow both times means the model.',
      }),
    ];
  },
};
