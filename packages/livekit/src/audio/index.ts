// A separate entry point without LiveKit Agents, for code that only measures recordings.
export { AUDIO_EXTENSIONS, decodeAudioFile } from './decode.js';
export { VAD_RATE_HZ, VAD_WINDOW_MS, voiceProbabilities } from './voice-probability.js';
