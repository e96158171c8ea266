export { resample } from './audio/resample.js';
export { readWav, type Wav, writeWav } from './audio/wav.js';
export { type Moonshine, type MoonshineOptions, moonshineStt } from './stt/moonshine.js';
export { type FliteOptions, fliteTts } from './tts/flite.js';
export { FLITE_VOICES, type FliteVoice } from './tts/voices.js';
