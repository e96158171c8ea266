export { SPEECH_FAULT_KINDS } from './faults/schedule.js';
export type {
  ConnectionFault,
  PredictionFault,
  SpeechFault,
  SpeechFaultPlan,
  SpeechFaultRule,
  SynthesisFault,
  UtteranceFault,
} from './faults/speech-fault.js';
export { engineRecognizer } from './hear/engine-recognizer.js';
export type { HeardWord, Recognizer, RecognizerStream } from './hear/recognizer.js';
export { parseTranscript, type TranscriptLine, transcriptRecognizer } from './hear/transcript.js';
export type { SpeechEmulatorOptions } from './options.js';
export { readSpeechProfile, SPEECH_PROFILE_SCHEMA, type SpeechProfileFile } from './profile-file.js';
export { recordedSttProfile, recordedTtsProfile } from './recorded-profile.js';
export { SPEECH_SERVICES, type SpeechService, type SpeechServiceStats, type SpeechStats } from './service.js';
export { type SpeechEmulator, startSpeechEmulator } from './speech-emulator.js';
export {
  type DelayPercentiles,
  findSttProfile,
  STT_PROFILES,
  type SttProfile,
  sttProfile,
} from './stt/profiles.js';
export { findTtsProfile, TTS_PROFILES, type TtsProfile, ttsProfile } from './tts/profiles.js';
export { toneVoice, type Voice } from './tts/voice.js';
