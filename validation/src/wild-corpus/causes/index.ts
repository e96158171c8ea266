import type { WildCause } from '../cause.js';
import { DATA_CAUSES } from './data.js';
import { END_OF_TURN_CAUSES } from './end-of-turn.js';
import { HOST_CAUSES } from './host.js';
import { LLM_CAUSES } from './llm.js';
import { SPEECH_CAUSES } from './speech.js';

export { HEALTHY } from './data.js';

/** Every cause of the corpus but "nothing is wrong". */
export const CAUSES: readonly WildCause[] = [
  ...END_OF_TURN_CAUSES,
  ...LLM_CAUSES,
  ...SPEECH_CAUSES,
  ...HOST_CAUSES,
  ...DATA_CAUSES,
];
