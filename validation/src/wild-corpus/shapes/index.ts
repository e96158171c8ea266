import type { WildShape } from '../shape.js';
import { HISTORY_SHAPES } from './history.js';
import { FIGURELESS_SHAPES, LOG_SHAPES } from './logs.js';
import { OBJECT_SHAPES } from './objects.js';
import { PIPECAT_SHAPES } from './pipecat.js';
import { PLATFORM_SHAPES } from './platforms.js';
import { TRACE_SHAPES } from './traces.js';
import { UNREADABLE_SHAPES } from './unreadable.js';

/** Every form in which a case is printed. */
export const SHAPES: readonly WildShape[] = [
  ...LOG_SHAPES,
  ...OBJECT_SHAPES,
  ...HISTORY_SHAPES,
  ...TRACE_SHAPES,
  ...PIPECAT_SHAPES,
  ...PLATFORM_SHAPES,
  ...FIGURELESS_SHAPES,
  ...UNREADABLE_SHAPES,
];
