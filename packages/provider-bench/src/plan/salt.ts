import { createHash } from 'node:crypto';
import type { BenchArm } from '../sample.js';
import type { PlannedRequest } from './schedule.js';

const short = (...parts: (string | number)[]) =>
  createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 8);

/** A salt that is constant for an arm within a run, and different for any other arm or run. */
export const armSalt = ({ id }: BenchArm, runKey: string): string => short(runKey, id);

/** The salt at the start of a request's prompt: that of the arm, or a new one per request where the prefix is broken. */
export const saltOf = ({ arm, index }: PlannedRequest, runKey: string): string =>
  arm.prefix === 'stable' ? armSalt(arm, runKey) : short(runKey, arm.id, index);
