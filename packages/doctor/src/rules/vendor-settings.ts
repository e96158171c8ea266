import { groupBy } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, savingOn } from '../figures.js';
import { linkText, pageUrl, rulePage } from '../pages.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** What a vendor publishes about a slower model of its own. */
interface Advice {
  part: 'stt' | 'tts';
  provider: RegExp;
  model: RegExp;
  text: string;
  code: string;
  /** By the vendor’s figures, ms. */
  savesMs: number;
  source: string;
}

const ADVICE: readonly Advice[] = [
  {
    part: 'tts',
    provider: /eleven/i,
    model: /turbo|multilingual|eleven_v3/i,
    text: 'ElevenLabs gives its Flash models 75 ms of inference, Turbo about 300; Flash sounds a little plainer',
    code: "new elevenlabs.TTS({ model: 'eleven_flash_v2_5' })",
    savesMs: 225,
    source: 'https://elevenlabs.io/docs/api-reference/reducing-latency',
  },
  {
    part: 'stt',
    provider: /openai/i,
    model: /whisper|transcribe/i,
    text: 'OpenAI’s finals come at 637 ms (p50) against 247 of Deepgram nova-3, by pipecat’s stt-benchmark',
    code: "new deepgram.STT({ model: 'nova-3' })",
    savesMs: 390,
    source: linkText(pageUrl(rulePage('stt-final-slow'))),
  },
];

const partOf = (turn: EvidenceTurn, part: 'stt' | 'tts') => turn[part];

/** Finds STT and TTS settings of vendors that cost time. */
export const vendorSettings: Rule = {
  id: 'vendor-settings',
  title: 'A slower model of a speech vendor',
  looksFor: 'models of a speech vendor for which it publishes a faster one',
  needs: 'the models of STT and TTS',
  part: 'TTS',
  examine(evidence) {
    return ADVICE.flatMap((advice) => {
      const turns = evidence.answered.filter((turn) => {
        const part = partOf(turn, advice.part);
        return part !== undefined && advice.provider.test(part.provider) && advice.model.test(part.model);
      });
      const members = new Set(turns);
      const stage = advice.part === 'tts' ? 'voice' : 'stt';
      const saving = savingOn(
        evidence,
        (turn) =>
          members.has(turn) ? [0, Math.min(advice.savesMs, waitedMs(turn, stage)), waitedMs(turn, stage)] : 0,
        'the vendor’s own figures for its two models',
        [stage],
      );
      if (turns.length === 0 || !isNoticeable(saving)) return [];
      const [model] = groupBy(turns, (turn) => partOf(turn, advice.part)!.model).keys();
      return [
        findingOf(this, {
          verdict: `${model} is not its vendor’s fast model: ${advice.text}.`,
          part: advice.part === 'tts' ? 'TTS' : 'end of turn',
          evidence: [evidenceLine(`${model}; ${advice.source}`, turns)],
          confidence: confidenceFrom(0.45, turns.length, 'the figures are the vendor’s, not yours'),
          saving,
          fix: {
            livekit: { text: advice.text, code: advice.code },
            firstword: {
              text: '`adviseVendors({ stt, tts })` lists the settings of your STT and TTS',
              code: 'adviseVendors({ stt, tts })',
            },
          },
          check: 'The median of its first byte, or of its final transcript, falls by what the vendor says.',
        }),
      ];
    });
  },
};
