export { type Emulator, startEmulator } from './emulator.js';
export type { EmulatorOptions } from './options.js';
export {
  DEFAULT_PROFILE,
  findProfile,
  PROFILES,
  type Profile,
  type ProviderName,
} from './profiles/profiles.js';
export type { TtftFigures } from './profiles/ttft.js';
export type { EmulatorStats } from './stats.js';
