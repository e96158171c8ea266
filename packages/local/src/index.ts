export { resample } from './audio/resample.js';
export { readWav, type Wav, writeWav } from './audio/wav.js';
export { type FetchSmartTurnOptions, fetchSmartTurn } from './smart-turn/fetch.js';
export { SMART_TURN } from './smart-turn/files.js';
export type { PythonResult, RunPython } from './smart-turn/pip.js';
export type { SmartTurnSetup } from './smart-turn/protocol.js';
export {
  type SmartTurn,
  type SmartTurnOptions,
  type SmartTurnThread,
  smartTurn,
} from './smart-turn/smart-turn.js';
export { type Moonshine, type MoonshineOptions, moonshineStt } from './stt/moonshine.js';
export { type FliteOptions, fliteTts } from './tts/flite.js';
export { FLITE_VOICES, type FliteVoice } from './tts/voices.js';
