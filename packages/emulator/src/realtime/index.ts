export type {
  EmulatedAnswer,
  EmulatedMessage,
  EmulatedToolCall,
  EmulatedToolChoice,
  JsonSchema,
  OfferedTool,
} from '../chat/chat.js';
export type { HeardWord, Recognizer, RecognizerStream } from '../speech/hear/recognizer.js';
export { type TranscriptLine, transcriptRecognizer } from '../speech/hear/transcript.js';
export { toneVoice, type Voice } from '../speech/tts/voice.js';
export type {
  RealtimeConnectionFault,
  RealtimeFault,
  RealtimeFaultPlan,
  RealtimeFaultRule,
  ResponseFault,
} from './core/faults.js';
export { REALTIME_PROFILES, type RealtimeProfile } from './core/profiles.js';
export type { RealtimeResponseTruth, RealtimeStats } from './core/truth.js';
export { REALTIME_WIRES, type RealtimeWire } from './core/wire.js';
export type { RealtimeAnswers, RealtimeEmulatorOptions, RealtimeQuestion } from './options.js';
export { type RealtimeEmulator, startRealtimeEmulator } from './realtime-emulator.js';
