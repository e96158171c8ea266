export { type Emulator, startEmulator } from './emulator.js';
export type { Fault, FaultKind, FaultPlan, FaultRule } from './faults/fault.js';
export { LIMIT_PRESETS, type LimitPlan, type LimitPreset } from './limits/plan.js';
export type { EmulatorOptions, NetworkPlan } from './options.js';
export { type CustomProfile, findProfile } from './profiles/book.js';
export { DEFAULT_PROFILE, PROFILES, type Profile, type ProviderName } from './profiles/profiles.js';
export { drawTtftMs, fitLognormal, type TtftFigures } from './profiles/ttft.js';
export type { EmulatorStats } from './stats.js';
