export { EAR_TIMES, type EarTimes, emulatedEars } from './emulated-ears.js';
export { emulatedVoice, VOICE_TIMES, type VoiceTimes } from './emulated-voice.js';
export {
  type LoadGap,
  type LoadStep,
  type LoadVerdict,
  MOST_RATIO,
  renderLadder,
  verdictOf,
} from './ladder.js';
