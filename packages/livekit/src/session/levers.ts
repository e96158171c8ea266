/**
 * Firstword's latency levers. Each can be switched off alone. The comments name the LiveKit options that a lever sets,
 * unless you have set them.
 */
export interface Levers {
  /**
   * Start the LLM on an interim transcript that is probably complete. Sets `turnHandling.preemptiveGeneration.maxRetries`
   * and `maxSpeechDuration`, because the budgets of `speculation` limit the cost instead. Sets `eagerEotThreshold` of
   * Deepgram Flux (LiveKit's plugin) to 0.5, so that Flux reports likely ends of turns.
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
   * resampler would add 20 to 40 ms before it. The first 100 ms are passed to the room at once, so that there is no gap in
   * the first words. Sets `outputOptions.audioSampleRate`.
   */
  trimSilence: boolean;
  /**
   * Make the wait after the last sound depend on how likely the end of the turn is, judged by the end-of-turn model and the
   * words. Sets `turnHandling.endpointing`, `turnHandling.turnDetection`,
   * `turnHandling.interruption.falseInterruptionTimeout`, `vad`, and `inputOptions.audioSampleRate` (16 kHz, the rate of VAD
   * and model: LiveKit's resampler would delay both). The detector is kept: LiveKit's cloud or local one, or yours. The
   * lever is idle if turn detection is a mode (`'vad'`, `'stt'`, `'manual'`), and for agents that set their own turn
   * detection or delays.
   */
  endpointing: boolean;
  /**
   * Ask the caller to repeat after speech without a transcript: the VAD detected speech, and a second later the STT has sent
   * no final transcript, or an empty one. LiveKit alone then says nothing, and both sides wait. Sets `transcriptionTimeout`.
   */
  askAgain: boolean;
  /**
   * Repair a cut-off: if the caller continues a turn that was committed during a pause, stop at once and give one answer to
   * the whole turn. Sets no option. Idle with manual turn detection, with the STT's turn detection and with realtime models.
   * Answers that must not be interrupted are not stopped.
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
