import { inference, type llm, type stt, type tts, type VAD, type voice } from '@livekit/agents';
import { localTurnDetector } from './end-of-turn.js';

/** The parts of a cascaded voice agent. */
export interface CascadeParts {
  stt: stt.STT;
  llm: llm.LLM;
  tts: tts.TTS;
  /** LiveKit's local VAD by default. */
  vad?: VAD;
}

/** The VAD alone interrupts the agent; the cloud's adaptive mode needs a key. */
export const VAD_INTERRUPTION = { mode: 'vad' as const };

/**
 * Options for an ordinary `voice.AgentSession`: VAD → STT → LLM → TTS with LiveKit's local VAD and end-of-turn model
 * and LiveKit 1.9.0's own delays. Nothing here needs a key, a network or a LiveKit job.
 */
export function cascade(parts: CascadeParts): voice.AgentSessionOptions {
  return {
    stt: parts.stt,
    llm: parts.llm,
    tts: parts.tts,
    vad: parts.vad ?? new inference.VAD(),
    turnHandling: {
      // LiveKit waits minDelay if the model is sure of the end, maxDelay if not.
      turnDetection: localTurnDetector(),
      endpointing: { mode: 'fixed', minDelay: 300, maxDelay: 2500 },
      interruption: VAD_INTERRUPTION,
      preemptiveGeneration: { enabled: true, preemptiveTts: false },
    },
    // The caller's microphone has echo cancellation (browser or telephone network).
    aecWarmupDuration: null,
    connOptions: {
      // A provider that fails a few turns must not end the call: the caller can try again.
      maxUnrecoverableErrors: 1000,
    },
  };
}
