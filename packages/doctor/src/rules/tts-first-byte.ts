import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import { GOOD_TTS_MS } from '../references.js';
import type { Rule } from '../rule.js';
import { hasLedger, waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

const SLOW_MS = 240;
/** A voice that is slow in fewer turns than this is a voice with a bad moment. */
const MIN_SHARE = 0.3;

/** A clause cannot be spoken before it is written: what is waited for is the voice's own. */
const wait = (turn: EvidenceTurn): number => waitedMs(turn, 'voice');

/** Finds a slow time to first byte of the TTS. */
export const ttsFirstByte: Rule = {
  id: 'tts-first-byte',
  title: 'The voice is slow to begin',
  looksFor: 'a time to first byte of the voice well beyond what streaming voices reach',
  needs: 'a time to first byte',
  part: 'voice',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => wait(turn) > SLOW_MS);
    const told = evidence.answered.filter(({ parts }) => parts.ttsMs !== undefined);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) =>
        members.has(turn)
          ? [wait(turn) - GOOD_TTS_MS - 50, wait(turn) - GOOD_TTS_MS, wait(turn) - GOOD_TTS_MS / 2]
          : 0,
      `a voice that begins after ${GOOD_TTS_MS} ms`,
    );
    if (turns.length < MIN_SHARE * told.length || turns.length === 0 || !isNoticeable(saving)) return [];
    const middle = median(turns.map(wait))!;
    const { tts } = turns[0]!;
    const seen = turns.some(hasLedger);
    return [
      findingOf(this, {
        verdict: `${tts ? `${tts.provider} ${tts.model}` : 'The voice'} takes ${ms(middle)} to its first audio in ${turns.length} of ${told.length} turns; streaming voices reach ${GOOD_TTS_MS} ms.`,
        evidence: [evidenceLine(`time to first byte, median ${ms(middle)}`, turns, wait)],
        confidence: confidenceFrom(
          seen ? 0.88 : 0.7,
          turns.length,
          'the voice’s own time, its text already there',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Take the vendor’s fast model, keep its connection open, hand it text that it does not collect first',
            code: "new elevenlabs.TTS({ model: 'eleven_flash_v2_5' }) // or cartesia with max_buffer_delay_ms: 0",
          },
          firstword: {
            text: 'Start the voice before the commit; `phrases` keeps the audio of fixed ones',
            code: 'lowLatency({ stt, llm, tts, levers: { preemptiveTts: true } })',
          },
        },
        check: `The median of the voice’s first byte is below ${GOOD_TTS_MS} ms.`,
        experiment:
          'Ask the voice for one word twice in a row: slow only the first time is its connection, slow both times is its model.',
      }),
    ];
  },
};
