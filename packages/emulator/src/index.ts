export { type Emulator, startEmulator } from './emulator.js';
export type { Fault, FaultKind, FaultPlan, FaultRule } from './faults/fault.js';
export { LIMIT_PRESETS, type LimitPlan, type LimitPreset } from './limits/plan.js';
export type { EmulatorOptions, NetworkConditions } from './options.js';
export { DEFAULT_PROFILE, PROFILES, type Profile, type ProviderName } from './profiles/profiles.js';
export { type CustomProfile, findProfile } from './profiles/registry.js';
export { drawTtftMs, fitLognormal, type Lognormal, type TtftPercentiles } from './profiles/ttft.js';
export type { TtftSequence } from './profiles/ttft-sampler.js';
export type {
  ConnectionFault,
  RealtimeFault,
  RealtimeFaultPlan,
  RealtimeFaultRule,
  ResponseFault,
} from './realtime/faults.js';
export type { RealtimeAnswers, RealtimeEmulatorOptions, RealtimeQuestion } from './realtime/options.js';
export { REALTIME_PROFILES, type RealtimeProfile } from './realtime/profiles.js';
export { type RealtimeEmulator, startRealtimeEmulator } from './realtime/realtime-emulator.js';
export type { RealtimeResponseTruth, RealtimeStats } from './realtime/truth.js';
export type { HeardWord, Recognizer, RecognizerStream } from './speech/hear/recognizer.js';
export { type TranscriptLine, transcriptRecognizer } from './speech/hear/transcript.js';
export { toneVoice, type Voice } from './speech/tts/voice.js';
export type { EmulatorStats } from './stats.js';
