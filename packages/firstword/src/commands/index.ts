import { agent } from './agent/define.js';
import { bench } from './bench/define.js';
import { call } from './call/define.js';
import type { CommandEntry } from './command.js';
import { compare } from './compare/define.js';
import { demo } from './demo/define.js';
import { doctor } from './doctor/define.js';
import { emulate } from './emulate/define.js';
import { fetch } from './fetch/define.js';
import { gateway } from './gateway/define.js';
import { metrics } from './metrics/define.js';
import { recordSpeech } from './record-speech/define.js';
import { report } from './report/define.js';
import { studio } from './studio/define.js';
import { whatIf } from './what-if/define.js';

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  demo,
  studio,
  compare,
  report,
  doctor,
  whatIf,
  metrics,
  bench,
  recordSpeech,
  call,
  agent,
  gateway,
  emulate,
  fetch,
];
