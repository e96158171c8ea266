import type { SegmentName } from '@firstword/turn';
import { median } from '@firstword/turn/statistics';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { hasLedger } from '../waited.js';
import { findingOf } from './finding-of.js';
import { handOffMs, hasClauses, REACHABLE_MS } from './hand-off.js';

const isBlind = (reply: { cuts: number; cutsInScript: number } | undefined) =>
  reply !== undefined && reply.cutsInScript > reply.cuts;

/** Finds text that waits for a whole sentence before the TTS gets it. */
export const sentenceHeld: Rule = {
  id: 'sentence-held',
  title: 'The first sentence is held back',
  looksFor: 'time between the first token and the first text that the TTS gets',
  needs: 'Firstword’s records, or a chat history with both sides’ metrics',
  part: 'hand-off',
  examine(evidence) {
    const turns = evidence.answered.filter(
      (turn) => (handOffMs(turn) ?? 0) > REACHABLE_MS && !hasClauses(turn) && !isBlind(turn.reply),
    );
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? handOffMs(turn)! - REACHABLE_MS : 0),
      `a first clause ${REACHABLE_MS} ms after the first token`,
      ['clause', 'held'],
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const wait = median(turns.map((turn) => handOffMs(turn)!))!;
    const whole = turns.filter(({ reply }) => reply?.cuts === 0).length;
    const isReported = turns.some(({ parts }) => parts.firstSentenceMs !== undefined);
    const seen = isReported || turns.some(hasLedger);
    return [
      findingOf(this, {
        verdict: `The TTS gets its first text ${ms(wait)} after the first token${whole > 0 ? `; ${whole} answers are one sentence, which LiveKit holds until the stream ends` : ''}.`,
        evidence: [
          evidenceLine(
            `first token to the first text for the TTS${seen ? '' : ', as the remainder of the reported parts'}`,
            turns,
            (turn) => handOffMs(turn)!,
          ),
        ],
        confidence: confidenceFrom(
          seen ? 0.9 : 0.48,
          turns.length,
          isReported
            ? 'the time of the first sentence is reported'
            : seen
              ? 'both moments were timed'
              : 'what the parts leave over is no longer than a sentence takes, but may be playback or the event loop as well',
        ),
        saving,
        fix: {
          livekit: {
            text: 'LiveKit’s tokenizer releases a sentence at 20 characters and only once the next has begun: lower the number, and ask the model for a short first sentence',
            code: 'new tts.StreamAdapter(myTts, new tokenize.basic.SentenceTokenizer({ minSentenceLength: 4 }))',
            python:
              'tts.StreamAdapter(tts=my_tts, sentence_tokenizer=tokenize.basic.SentenceTokenizer(min_sentence_len=4))',
          },
          firstword: {
            text: 'The TTS starts with the first clause',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { clause: true } } })',
          },
        },
        check: `The \`${'first clause' satisfies SegmentName}\` segment is below 60 ms.`,
        experiment:
          'Ask for “Yes. And then …”: a two-character first sentence that is still late is not held by its length.',
      }),
    ];
  },
};
