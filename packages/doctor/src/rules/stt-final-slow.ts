import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn, valuesOf } from '../figures.js';
import type { EvidenceLine } from '../finding.js';
import { GOOD_STT_FINAL_MS } from '../references.js';
import type { Rule } from '../rule.js';
import { gainedMs } from '../waited.js';
import { afterFailure } from './detector-failover.js';
import { engineName } from './engine-name.js';
import { findingOf } from './finding-of.js';
import { isMachineLate } from './machine-late.js';
import { waitedForStt } from './waited-for-stt.js';

const final = ({ parts }: EvidenceTurn): number => parts.sttFinalMs ?? 0;

/** What a faster transcript would wait for next, if it gains clearly less than the transcript takes. */
function nextWait(turns: readonly EvidenceTurn[]): EvidenceLine[] {
  const bounded = turns.filter((turn) => (gainedMs(turn, 'stt') ?? final(turn)) < final(turn) / 2);
  if (bounded.length <= turns.length / 2) return [];
  const gained = median(valuesOf(bounded, (turn) => gainedMs(turn, 'stt')))!;
  return [
    evidenceLine(
      `a faster transcript gains ${ms(gained)} at most: then the end-of-turn wait, or other work, is waited for`,
      bounded,
    ),
  ];
}

/** Finds final transcripts that come late. */
export const sttFinalSlow: Rule = {
  id: 'stt-final-slow',
  title: 'The final transcript comes late',
  looksFor: 'turns whose commit waits for the final transcript, which comes later than fast engines give it',
  needs: 'a transcription delay: Firstword’s records, or the caller’s messages of a chat history',
  part: 'end of turn',
  examine(evidence) {
    const turns = evidence.answered.filter(
      (turn) => waitedForStt(turn) && final(turn) > GOOD_STT_FINAL_MS.p95 + 50 && !isMachineLate(turn),
    );
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const excess = members.has(turn) ? final(turn) - GOOD_STT_FINAL_MS.p95 : 0;
        return [excess * 0.7, excess, members.has(turn) ? final(turn) - GOOD_STT_FINAL_MS.p50 : 0];
      },
      `a final transcript ${GOOD_STT_FINAL_MS.p95} ms after the last word: the slowest twentieth of three streaming engines (pipecat’s stt-benchmark)`,
      ['stt'],
    );
    if (turns.length === 0 || !isNoticeable(saving)) return [];
    const middle = median(turns.map(final))!;
    const { stt } = turns[0]!;
    const isDisputed = afterFailure(evidence.calls, evidence.events).some((turn) => members.has(turn));
    const name = engineName(stt, 'The STT');
    return [
      findingOf(this, {
        verdict: `${name} gives the final transcript ${ms(middle)} after the last word, and the commit waits for it in ${turns.length} of ${evidence.answered.length} turns.`,
        evidence: [
          evidenceLine(
            `last speech to final transcript, median ${ms(middle)}; Deepgram nova-3 247, AssemblyAI 282, Soniox 249, OpenAI 637 ms`,
            turns,
            final,
          ),
          ...nextWait(turns),
        ],
        confidence: isDisputed
          ? confidenceFrom(
              0.45,
              turns.length,
              'the commit follows the transcript at once, but LiveKit’s cloud detector failed on the same way',
            )
          : confidenceFrom(0.88, turns.length, 'the commit follows the transcript at once'),
        saving,
        fix: {
          livekit: {
            text: 'Use a streaming engine, with its shortest silence before a final',
            code: "new deepgram.STT({ model: 'nova-3', endpointing: 25, noDelay: true, interimResults: true })",
            python: 'deepgram.STT(model="nova-3", endpointing_ms=25, no_delay=True, interim_results=True)',
          },
          firstword: {
            text: 'Do not wait for the engine’s final: treat the interim as final after a silence that you choose',
            code: 'new EagerSTT(stt, { vad, finalSilenceMs: 250 })',
          },
        },
        check: 'The transcription delay’s median is below 350 ms.',
        experiment:
          'Play one recording to the engine alone and time its finals: if they are early there, the event loop or the network is the cause.',
      }),
    ];
  },
};
