/**
 * Firstword's latency levers. Each can be switched off alone. The comments name the LiveKit options that a lever sets if you
 * have left them unset; what you have set stays.
 */
export interface Levers {
  /**
   * Start the LLM on an interim transcript that is probably complete. Sets `turnHandling.preemptiveGeneration.maxRetries` and
   * `maxSpeechDuration`: the speculation policy bounds the cost instead. Sets `eagerEotThreshold` of Deepgram Flux (LiveKit's
   * plugin) to 0.5, so that Flux reports likely ends of turns.
   */
  speculation: boolean;
  /**
   * Start the TTS with a speculation, without playing it, instead of at the commit. Sets
   * `turnHandling.preemptiveGeneration.preemptiveTts`.
   */
  preemptiveTts: boolean;
  /**
   * Start speech with the first clause, in any script, instead of the first sentence. Sets `ttsTextTransforms` to `null` while
   * Firstword's wrapper removes Markdown and emoji itself, and Cartesia's `max_buffer_delay_ms` (LiveKit Inference) to 0. Word
   * timings of the TTS are not passed on, unless `useTtsAlignedTranscript` is set to `true`: then the TTS is not wrapped.
   */
  clause: boolean;
  /**
   * Cut the silence at the beginning of synthesized audio, and send it to the room at the TTS's own sample rate: LiveKit's
   * resampler would put 20 to 40 ms before it. Its first 100 ms are passed to the room at once, so that there is no gap in the
   * first words. Sets `outputOptions.audioSampleRate`.
   */
  trimSilence: boolean;
  /**
   * Wait after the last sound by how likely the end of the turn is, judged by model and words. Sets `turnHandling.endpointing`,
   * `turnHandling.turnDetection`, `turnHandling.interruption.falseInterruptionTimeout`, `vad`, and
   * `inputOptions.audioSampleRate` (16 kHz, the rate of VAD and model: LiveKit's resampler would delay both). The detector stays:
   * LiveKit's cloud or local one, or yours. It leaves turn detection by mode (`'vad'`, `'stt'`, `'manual'`) alone, and agents
   * that set turn detection or delays of their own.
   */
  endpointing: boolean;
  /**
   * Ask again after speech that brought no words: the VAD heard it, and a second later the STT has given no final transcript, or
   * an empty one. LiveKit alone says nothing then, and both sides wait. Sets `transcriptionTimeout`.
   */
  askAgain: boolean;
  /**
   * Repair a cut-off: when the caller goes on with a turn that was committed in a pause, stop at once and answer the whole turn.
   * Sets no option. It leaves manual turn detection, that of the STT, realtime models and answers that may not be interrupted
   * alone.
   */
  repair: boolean;
  /**
   * Stop the agent at the caller's first sound over it, instead of after half a second of it, and let it go on as soon as that was no
   * interruption: after a short sound without words, or words that only show attention ("mhm"). Sets no option. It leaves
   * `turnHandling.interruption` alone: with another `minDuration`, `minWords`, or LiveKit's adaptive interruption it is idle.
   */
  bargeIn: boolean;
}

/** All levers on. */
export const ALL_LEVERS: Levers = {
  speculation: true,
  preemptiveTts: true,
  clause: true,
  trimSilence: true,
  endpointing: true,
  askAgain: true,
  repair: true,
  bargeIn: true,
};

/** All levers off: LiveKit's defaults. */
export const NO_LEVERS: Levers = {
  speculation: false,
  preemptiveTts: false,
  clause: false,
  trimSilence: false,
  endpointing: false,
  askAgain: false,
  repair: false,
  bargeIn: false,
};

/**
 * The default: all levers on.
 */
export const DEFAULT_LEVERS: Levers = { ...ALL_LEVERS };
