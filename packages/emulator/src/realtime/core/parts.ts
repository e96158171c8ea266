import type { Clock } from '@firstword/turn';
import type { Random } from '@firstword/turn/statistics';
import type { Recognizer } from '../../speech/hear/recognizer.js';
import type { Voice } from '../../speech/tts/voice.js';
import type { RealtimeAnswers } from '../options.js';
import type { ResponseFault } from './faults.js';
import type { RealtimeProfile } from './profiles.js';
import type { RealtimeResponseTruth, RealtimeStats } from './truth.js';

/** What all connections of one wire share. */
export interface RealtimeParts {
  clock: Clock;
  profile: RealtimeProfile;
  recognizer: Recognizer;
  voice: Voice;
  answers: RealtimeAnswers;
  latencies: Random;
  stats: RealtimeStats;
  truths: RealtimeResponseTruth[];
  nextFault(): ResponseFault | undefined;
  /** An id that no other connection uses, such as `item_7`. */
  newId(kind: string): string;
}
