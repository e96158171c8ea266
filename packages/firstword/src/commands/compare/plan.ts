import { join } from 'node:path';
import {
  type Arm,
  armsOf,
  callsOf,
  type RecordedCall,
  readRecordings,
  type SpokenCall,
} from '@firstword/calls';
import { latencyFile, type RouterMemory } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { type LlmChoice, LlmRegistry } from '../../llm/registry.js';
import type { CompareOptions } from './options.js';
import { type RealtimeChoice, realtimeChoice } from './realtime.js';
import { type LlmSetup, setupOf, setups } from './setups.js';
import { type SpeechChoice, speechChoice } from './speech.js';
import { speakCalls } from './spoken-calls.js';

/** The LLM of one comparison: a single model, or a setup of models behind a router. */
export interface Subject {
  llm: LlmChoice;
  setup?: LlmSetup;
}

/** A validated command line: everything is checked before a call is played. */
export interface ComparePlan {
  arms: readonly Arm[];
  /** Compared one after another; more than one only with `--setup all`. */
  subjects: readonly [Subject, ...Subject[]];
  /** The hosted speech of all arms; absent: the embedded engines. */
  speech?: SpeechChoice | undefined;
  /** The realtime model of the arms that have one. */
  realtime?: RealtimeChoice | undefined;
  /** Stored latencies of the arms' routers, by arm. */
  memories: ReadonlyMap<string, RouterMemory>;
  /** The recordings that are played instead of the built-in calls; empty without `--audio`. */
  recordings: readonly RecordedCall[];
  /** Loads the callers' recordings, or synthesizes the built-in calls. */
  speak(options: { signal: AbortSignal }): Promise<SpokenCall[]>;
}

const subjectOf = (setup: LlmSetup, memory: boolean): Subject => {
  // The results contain a setup's name, label and source, not its routing options.
  const { name, label: what, emulated, source } = setup;
  const label = memory && setup.routing ? `${what}, with latencies learned in earlier runs` : what;
  return { llm: { name, label, emulated, source }, setup };
};

function subjectsOf({ setup, profile, seed, memory }: CompareOptions): ComparePlan['subjects'] {
  if (setup === undefined) return [{ llm: new LlmRegistry({ seed }).choice(profile) }];
  if (profile !== undefined) {
    throw new FirstwordError('bad_input', 'A setup has its own models: give --setup or --profile, not both.');
  }
  const remembers = memory !== undefined;
  if (setup !== 'all') return [subjectOf(setupOf(setup), remembers)];
  const [first, ...others] = setups().map((one) => subjectOf(one, remembers));
  return [first!, ...others];
}

function spokenCalls(calls: readonly RecordedCall[]): SpokenCall[] {
  return calls.map(({ id, clips }) => ({
    id,
    voice: 'recorded',
    clips,
    lines: clips.map(({ line }) => ({ ...line, kind: 'recording' as const })),
  }));
}

/** A file for each arm with a router, so that arms do not share what they have learned. */
function memoriesOf(dir: string | undefined, arms: readonly Arm[]): ComparePlan['memories'] {
  if (dir === undefined) return new Map();
  const routed = arms.filter(({ levers }) => levers !== undefined);
  return new Map(routed.map(({ name }) => [name, latencyFile(join(dir, `${name}.jsonl`))]));
}

/**
 * Validates the options and makes the plan.
 * @throws FirstwordError `bad_input` that lists the valid choices; `unwritable` for the folder of `--memory`
 */
export async function planOf(
  options: CompareOptions,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ComparePlan> {
  const arms = armsOf(options.arms);
  const subjects = subjectsOf(options);
  const speech = speechChoice(options.speech);
  const realtime = realtimeChoice(options.realtime, arms);
  const memories = memoriesOf(options.memory, arms);
  if (options.audio === undefined) {
    const calls = callsOf(options.calls ?? 'all');
    return {
      arms,
      subjects,
      speech,
      realtime,
      memories,
      recordings: [],
      speak: ({ signal }) => speakCalls(calls, { signal }),
    };
  }
  if (options.calls !== undefined) {
    throw new FirstwordError(
      'bad_input',
      'The recordings replace the built-in calls: give --audio or --calls, not both.',
    );
  }
  const recordings = await readRecordings(options.audio, { signal });
  return {
    arms,
    subjects,
    speech,
    realtime,
    memories,
    recordings,
    speak: async () => spokenCalls(recordings),
  };
}
