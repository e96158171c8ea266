import { createHash } from 'node:crypto';
import type { BenchArm } from '../sample.js';
import type { PlannedRequest } from './schedule.js';

const short = (...parts: (string | number)[]) =>
  createHash('sha256').update(parts.join('\u0000')).digest('hex').slice(0, 8);

/** The same for all requests of an arm in a run, and for no other arm or run. */
export const armSalt = ({ id }: BenchArm, runKey: string): string => short(runKey, id);

/** What stands at the start of a request's prompt: the arm's own salt, or a new one each time where its prefix is broken. */
export const saltOf = ({ arm, index }: PlannedRequest, runKey: string): string =>
  arm.prefix === 'stable' ? armSalt(arm, runKey) : short(runKey, arm.id, index);
