import type { RealtimeFault, RealtimeFaultPlan, RealtimeFaultRule } from '@firstword/emulator/realtime';
import { z } from 'zod';
import { type FaultFields, faultReader } from './fault-plans.js';

const ms = z.number().min(0);
const plain: FaultFields = { fields: {} };

const KINDS: Record<RealtimeFault['kind'], FaultFields> = {
  'silent-generation': plain,
  'no-audio': plain,
  'silent-audio': plain,
  'late-audio': { sets: 'delayMs', fields: { delayMs: ms } },
  'audio-stops': { sets: 'afterMs', fields: { afterMs: ms.optional() } },
  'never-created': plain,
  'rate-limited': plain,
  'server-error': plain,
  reset: plain,
  garbage: plain,
  'broken-frame': plain,
  'http-error': { sets: 'status', fields: { status: z.int().min(400).max(599) } },
  'session-expires': { sets: 'afterMs', fields: { afterMs: ms } },
};

/** Reads the faults of the emulated realtime models. */
export const realtimeFaults = faultReader<RealtimeFault['kind'], RealtimeFaultRule, RealtimeFaultPlan>({
  option: '--realtime-fault',
  kinds: KINDS,
});
