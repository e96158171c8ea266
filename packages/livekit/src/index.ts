// First: it reports an installed version that the modules below cannot be loaded with.
import './compatibility/agents-version.js';

export { checkAgentFile, type RunnableFile, runnableFile } from './agent/agent-file.js';
export { type AgentCall, prewarmCalls, startCall } from './agent/call.js';
export type {
  AgentState,
  CallEvents,
  CallLevers,
  RealtimeCallParts,
  StartCallOptions,
} from './agent/call-options.js';
export {
  type AnswerRoomOptions,
  answerRoom,
  defineRoomAgent,
  type RoomAgentOptions,
  type RoomJob,
} from './agent/room-agent.js';
export { runWorker, type WorkerOptions } from './agent/worker.js';
export { loadLocalModels } from './hello/warm-up.js';
export {
  HOSTED_STTS,
  HOSTED_TTSS,
  type HostedPart,
  openHostedStt,
  openHostedTts,
  type SpeechServices,
} from './hosted/hosted-speech.js';
export { FirstwordLLM, type FirstwordLLMOptions, type LlmRequest } from './llm/llm.js';
export type { Prepare } from './llm/preparation.js';
export { PreparedLLM, type PreparedLLMOptions, type PreparedRequest } from './llm/prepared-llm.js';
export type { SpentTokenCounts } from './llm/token-usage.js';
export { SessionObserver } from './observe/observer.js';
export type { ObserverOptions } from './observe/observer-options.js';
export { TurnInstruments } from './observe/otel/turn-instruments.js';
export { type TraceTurnOptions, traceTurn } from './observe/otel/turn-spans.js';
export {
  openRealtimeModel,
  REALTIME_MODELS,
  REALTIME_SILENCE_MS,
  type RealtimeMode,
  type RealtimeServer,
} from './realtime/open-realtime.js';
export { attachRescue } from './realtime/rescue.js';
export { RESCUE_AFTER_MS, type RescueOptions } from './realtime/rescue-options.js';
export { attachTranscriptAnswers } from './realtime/transcript-answers.js';
export { AgentSession, type AgentSessionOptions } from './session/agent-session.js';
export type { AskAgain, UnheardSpeech } from './session/ask-again.js';
export { attachEndpointing, localTurnDetector } from './session/end-of-turn.js';
export type { EndpointDecision, EndpointingPolicyOptions, Expects } from './session/endpointing.js';
export { type TracedPause, tracePauses } from './session/endpointing-trace.js';
export type {
  FirstwordOptions,
  RecordsOptions,
  SessionFirstwordOptions,
} from './session/firstword-options.js';
export { emptyLearnedState, type LearnedState } from './session/learned-state.js';
export type { LeverStatus } from './session/lever-status.js';
export { ALL_LEVERS, DEFAULT_LEVERS, type Levers, NO_LEVERS } from './session/levers.js';
export { attachLowLatency, type LowLatencyOptions, lowLatency } from './session/low-latency.js';
export { type CascadeParts, cascade } from './session/preset.js';
export { adviseVendors } from './session/vendors/advise.js';
export type { VendorAdvice } from './session/vendors/rules.js';
export { attachEagerSTT } from './stt/attach.js';
export { EagerSTT, type EagerSTTOptions, type SpeculationHost, type SttRepairs } from './stt/eager-stt.js';
export { LocalSTT } from './stt/local-stt.js';
export type { SegmentMemory } from './stt/segments.js';
export { type SpeculationTiming, type TimedWords, traceSpeculations } from './stt/speculation-timing.js';
export { readOnly } from './tools/read-only.js';
export { INPUT_RATE_HZ, PushAudioInput } from './transport/audio-input.js';
export { OUTPUT_RATE_HZ, PacedAudioOutput } from './transport/audio-output.js';
export type { PlayoutEvents, PlayoutSink } from './transport/playout.js';
export type { CallTape } from './transport/room/call-tape.js';
export {
  closeRooms,
  openRoomLine,
  type RoomLine,
  type RoomLineOptions,
} from './transport/room/caller-line.js';
export { type CallerPass, callerToken } from './transport/room/caller-token.js';
export type { LinkStats } from './transport/room/link-stats.js';
export { roomOptions } from './transport/room/room-options.js';
export { type WatchRoomOptions, watchRoom } from './transport/room/watch-room.js';
export type { SpeechEdges } from './transport/speech-edges.js';
export type { ClauseSettings, ClauseStreamOwner, ClauseTTSOptions } from './tts/clause-options.js';
export { ClauseTTS } from './tts/clause-tts.js';
export type { FillerOptions } from './tts/filler.js';
export { LocalTTS } from './tts/local-tts.js';
export { PhraseCache, type PhraseKey } from './tts/phrase-cache.js';
export type { TTSGroup } from './tts/tts-group.js';
export { isTracedTTS, type TracedTTS, type TTSTrace, type TTSTraceListener } from './tts/tts-trace.js';
export type { TTSRequest, TTSRequestOptions } from './tts/wrapped-tts.js';
