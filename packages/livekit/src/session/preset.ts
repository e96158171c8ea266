import { withDefaults } from '@firstword/turn';
import type { llm, stt, tts, VAD, voice } from '@livekit/agents';
import { localTurnDetector } from './end-of-turn.js';
import type { FirstwordOptions } from './firstword-options.js';
import { NO_LEVERS } from './levers.js';
import { lowLatency } from './low-latency.js';

/** The parts of a cascaded voice agent. */
export interface CascadeParts {
  stt: stt.STT;
  llm: llm.LLM;
  tts: tts.TTS;
  /** LiveKit's local VAD by default. */
  vad?: VAD;
}

/**
 * Options for an ordinary `voice.AgentSession`: VAD → STT → LLM → TTS with LiveKit's local VAD and end-of-turn model.
 * Nothing here needs a key, a network or a LiveKit job. Without `levers` all of them are off: the delays are LiveKit's own.
 * With levers, call `attachLowLatency(session)` before `session.start()`.
 *
 * @throws FirstwordError `bad_input` if an option is out of its range
 */
export function cascade(options: CascadeParts & FirstwordOptions): voice.AgentSessionOptions {
  const levers = withDefaults(NO_LEVERS, options.levers);
  return lowLatency({
    ...options,
    levers,
    turnHandling: {
      turnDetection: localTurnDetector(),
      // The VAD alone interrupts the agent; the cloud's adaptive mode needs a key.
      interruption: { mode: 'vad' },
    },
    // The caller's microphone has echo cancellation (browser or telephone network).
    aecWarmupDuration: null,
    connOptions: {
      // A provider that fails a few turns must not end the call: the caller can try again.
      maxUnrecoverableErrors: 1000,
    },
  });
}
