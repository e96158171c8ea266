import type { Evidence } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Finding } from '../finding.js';
import { GOOD_TTS_MS } from '../references.js';
import type { Rule } from '../rule.js';
import { bothKinds, slowerKind } from './both-kinds.js';
import { findingOf } from './finding-of.js';
import { realtimeName, realtimeTurns, responseMs, spreadOf } from './realtime-model.js';

/** A first token of a fast LLM and the first byte of a fast TTS, by the figures of the rules `llm-share` and `tts-first-byte`, ms. */
const CASCADE_MS = 300 + GOOD_TTS_MS;
/** A model that needs less than this after the end of the turn is no slower than many cascades. */
const SLOW_MS = 850;

const FIX: Finding['fix'] = {
  livekit: {
    text: 'Let the realtime model hear, and speak its text with a TTS of your own (text modality), or answer with STT, LLM and TTS, and compare both on the same calls',
    code: "new voice.AgentSession({ llm: new openai.realtime.RealtimeModel({ modalities: ['text'] }), tts })",
    python: 'AgentSession(llm=openai.realtime.RealtimeModel(modalities=["text"]), tts=my_tts)',
  },
  firstword: {
    text: 'A cascade of STT, LLM and TTS starts its answer before the turn is over; the session takes either',
    code: 'new AgentSession({ stt, llm, tts })',
  },
};
const CHECK = 'Compare both on the same calls: `npx firstword compare`.';

/** The user's own cascade is faster. */
function measured(rule: Rule, evidence: Evidence): Finding[] {
  const both = bothKinds(evidence);
  if (!both) return [];
  const { realtime, cascade, realtimeMs, cascadeMs } = both;
  return slowerKind(rule, evidence, {
    slower: { turns: realtime, medianMs: realtimeMs, name: 'the realtime model' },
    faster: { turns: cascade, medianMs: cascadeMs, name: 'the cascade' },
    verdict: `Your cascade answers after ${ms(cascadeMs)} at the median, ${realtimeName(realtime)} after ${ms(realtimeMs)}.`,
    premise: 'the same turns would take your cascade’s median',
    fix: FIX,
    check: CHECK,
  });
}

/** Finds realtime models that are slower than a cascade. */
export const realtimeBehindCascade: Rule = {
  id: 'realtime-behind-cascade',
  title: 'A cascade would answer sooner than the realtime model',
  looksFor:
    'realtime turns that are slower than your own cascade, or whose model takes longer than an LLM and a TTS together',
  needs: 'Firstword’s records; better with turns of a cascade beside them',
  part: 'LLM',
  examine(evidence) {
    const own = measured(this, evidence);
    if (own.length > 0 || bothKinds(evidence)) return own;
    const turns = realtimeTurns(evidence.answered);
    if (turns.length === 0) return [];
    const { p50Ms } = spreadOf(turns, responseMs);
    if (p50Ms < SLOW_MS) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? responseMs(turn) - CASCADE_MS : 0;
        return [0, most, most];
      },
      `an LLM and a TTS that begin to sound ${CASCADE_MS} ms after the end of the turn`,
      ['realtimeModel', 'llm'],
    );
    if (!isNoticeable(saving)) return [];
    return [
      findingOf(this, {
        verdict: `After the end of the turn, ${realtimeName(turns)} takes ${ms(p50Ms)} at the median until its first audio; a fast LLM and a fast TTS take ${ms(CASCADE_MS)} together.`,
        evidence: [
          evidenceLine(`end of the turn to the first audio, median ${ms(p50Ms)}`, turns, responseMs),
          evidenceLine(
            'published medians of this part: gpt-realtime-1.5 652, gpt-realtime-2.1 1,004 ms (voice to voice less 500 ms of turn detection)',
            [],
          ),
        ],
        confidence: confidenceFrom(0.4, turns.length, 'the model was timed; a cascade was not measured here'),
        saving,
        fix: FIX,
        check: CHECK,
      }),
    ];
  },
};
