import type { Fault, FaultPlan, FaultRule } from '@firstword/emulator';
import { z } from 'zod';
import { type FaultFields, faultReader } from './fault-plans.js';

const ms = z.number().min(0);
const pieces = z.int().min(0);

const KINDS: Record<Fault['kind'], FaultFields> = {
  straggler: { sets: 'delayMs', fields: { delayMs: ms } },
  slowdown: { sets: 'factor', fields: { factor: z.number().positive() } },
  'no-headers': { fields: {} },
  'hang-up': { fields: {} },
  'headers-then-comments': { sets: 'everyMs', fields: { everyMs: ms.optional() } },
  'role-then-nothing': { fields: {} },
  'empty-stream': { fields: {} },
  'empty-answer': { fields: {} },
  'error-frame': { fields: { message: z.string().optional() } },
  'http-error': {
    sets: 'status',
    fields: { status: z.int().min(400).max(599), message: z.string().optional() },
  },
  'rate-limited': { sets: 'retryAfterSeconds', fields: { retryAfterSeconds: z.number().min(0).optional() } },
  stall: { sets: 'afterPieces', fields: { afterPieces: pieces.optional() } },
  reset: { sets: 'afterPieces', fields: { afterPieces: pieces.optional() } },
  'cut-off': { sets: 'afterPieces', fields: { afterPieces: pieces.optional() } },
  garbage: { sets: 'afterPieces', fields: { afterPieces: pieces.optional(), bytes: pieces.optional() } },
  'long-line': { sets: 'bytes', fields: { bytes: z.int().min(1) } },
  'broken-tool-json': { fields: {} },
  'slow-drip': { sets: 'everyMs', fields: { bytes: z.int().min(1).optional(), everyMs: ms.optional() } },
  'html-page': { fields: {} },
};

/** Reads the faults of the emulated LLM. */
export const llmFaults = faultReader<Fault['kind'], FaultRule, FaultPlan>({
  option: '--fault',
  kinds: KINDS,
  scope: 'profile',
});
