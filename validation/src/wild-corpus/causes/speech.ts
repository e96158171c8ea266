import { oneOf } from '@firstword/turn/statistics';
import {
  ALL_SDKS,
  changedCalls,
  delayFirstToken,
  LIVEKIT,
  mostTurns,
  note,
  requestOf,
  useNewest,
  type WildCause,
} from '../cause.js';
import { between, happens, latencyMs } from '../draw.js';
import { HINDI_ANSWERS, LONG_SENTENCES } from '../vocabulary.js';

/** The TTS opens a new connection for every answer. */
const ttsConnects: WildCause = {
  id: 'tts-connects-anew',
  sdks: LIVEKIT,
  needs: ['ttfb', 'TTS connection'],
  accepted: ['tts-first-byte', 'cold-connection'],
  alsoTrue: [],
  calls: changedCalls((turn, _index, _call, random) => {
    turn.ttsConnectMs = latencyMs(random, 620, 0.2);
    turn.ttfbMs += turn.ttsConnectMs;
  }, useNewest),
};

/** The TTS needs long for its first byte. */
const ttsSlow: WildCause = {
  id: 'tts-slow',
  sdks: ALL_SDKS,
  needs: ['ttfb'],
  accepted: ['tts-first-byte', 'vendor-settings'],
  alsoTrue: [],
  calls: mostTurns((turn, _index, _call, random) => {
    turn.ttfbMs = latencyMs(random, 1250, 0.28);
  }),
};

/** The TTS fails, and is asked again after a pause. */
const ttsRetried: WildCause = {
  id: 'tts-retried',
  sdks: LIVEKIT,
  needs: ['notes', 'ttfb'],
  accepted: ['tts-retries', 'tts-first-byte'],
  alsoTrue: ['failed-turns', 'sentence-held'],
  calls: changedCalls((turn, index, _call, random) => {
    if (index % 4 === 3) return;
    const first = requestOf(turn);
    const startMs = turn.endOfTurnMs + first.ttftMs;
    const attempts = happens(random, 0.4) ? 2 : 1;
    for (let attempt = 1; attempt <= attempts; attempt++)
      note(turn, 'TTS retried', startMs + attempt * 250, { attempt, seconds: attempt === 1 ? 0.1 : 2 });
    turn.ttfbMs += attempts === 1 ? between(random, 900, 1500) : between(random, 3000, 4200);
  }),
};

/** The sentence splitter holds the text until a long first sentence ends. */
const sentenceHeld: WildCause = {
  id: 'sentence-held',
  sdks: LIVEKIT,
  needs: ['e2e', 'ttft', 'ttfb', 'end of turn'],
  accepted: ['sentence-held', 'script-splitter'],
  alsoTrue: ['token-inflation', 'preemptive-tts-off'],
  calls: (random, sdk, wording) => {
    const isHindi = wording % 3 === 2;
    const answers = isHindi ? HINDI_ANSWERS : LONG_SENTENCES;
    return mostTurns((turn) => {
      turn.answer = oneOf(answers, random);
      const asked = requestOf(turn);
      asked.completionTokens = Math.round(turn.answer.length / (isHindi ? 1.4 : 4));
      turn.heldMs = asked.completionTokens * between(random, 16, 24);
      asked.durationMs = asked.ttftMs + turn.heldMs;
    })(random, sdk, wording);
  },
};

/** Every provider is one ocean away: the same time more in each stage. */
const distantRegion: WildCause = {
  id: 'distant-region',
  sdks: LIVEKIT,
  needs: ['ttft', 'ttfb', 'end of turn'],
  accepted: ['distant-region', 'ttft-range'],
  alsoTrue: ['llm-share', 'tts-first-byte', 'stt-final-slow'],
  calls: (random, sdk, wording) => {
    const extraMs = between(random, 380, 620);
    const more = () => extraMs * between(random, 0.95, 1.06);
    return changedCalls((turn, _index, call) => {
      const asked = requestOf(turn);
      asked.ttftMs = latencyMs(random, call.stack.llm.ttftMs, 0.07);
      turn.ttfbMs = latencyMs(random, call.stack.tts.ttfbMs, 0.07);
      delayFirstToken(turn, more());
      turn.ttfbMs += more();
      turn.transcriptionMs = latencyMs(random, call.stack.stt.finalMs, 0.07) + more() / 2;
      turn.endOfTurnMs = Math.max(turn.endOfTurnMs, turn.transcriptionMs + 10);
    })(random, sdk, wording);
  },
};

/** The reply is played late: an avatar or a bridge between the agent and the caller. */
const playbackLeg: WildCause = {
  id: 'playback-leg',
  sdks: LIVEKIT,
  needs: ['playback', 'e2e'],
  accepted: ['transport-leg'],
  alsoTrue: [],
  calls: changedCalls((turn, _index, _call, random) => {
    turn.playbackMs = latencyMs(random, 780, 0.22);
  }),
};

/** Causes between the first token and the first sound. */
export const SPEECH_CAUSES: readonly WildCause[] = [
  ttsConnects,
  ttsSlow,
  ttsRetried,
  sentenceHeld,
  distantRegion,
  playbackLeg,
];
