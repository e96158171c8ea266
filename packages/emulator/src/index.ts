export { type Emulator, startEmulator } from './emulator.js';
export type { Fault, FaultKind, FaultPlan, FaultRule } from './faults/fault.js';
export { LIMIT_PRESETS, type LimitPlan, type LimitPreset } from './limits/plan.js';
export type { EmulatorOptions, NetworkConditions } from './options.js';
export { DEFAULT_PROFILE, PROFILES, type Profile, type ProviderName } from './profiles/profiles.js';
export { type CustomProfile, findProfile } from './profiles/registry.js';
export { drawTtftMs, fitLognormal, type Lognormal, type TtftPercentiles } from './profiles/ttft.js';
export type { TtftSequence } from './profiles/ttft-sampler.js';
export type { EmulatorStats } from './stats.js';
