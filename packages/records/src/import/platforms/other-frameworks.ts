import { PIPECAT } from './pipecat.js';
import { RETELL, RETELL_MEDIANS } from './retell.js';
import { VAPI } from './vapi.js';

const OTHERS: readonly string[] = [PIPECAT, VAPI, RETELL, RETELL_MEDIANS];

/** Whether turns with this `imported.from` are of an agent that LiveKit's settings do not apply to. */
export const isOfOtherFramework = (from: string | undefined): boolean =>
  from !== undefined && OTHERS.includes(from);
