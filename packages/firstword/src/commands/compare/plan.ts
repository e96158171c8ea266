import { join } from 'node:path';
import { type Arm, armsOf, callsOf, readRecordings, type SpokenCall } from '@firstword/calls';
import { type LatencyMemory, latencyFile } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import { type LlmChoice, LlmShelf } from '../../llm/shelf.js';
import type { CompareOptions } from './options.js';
import { type LlmSetup, setupOf, setups } from './setups.js';
import { speakCalls } from './spoken-calls.js';

/** Who answers in one comparison: one model, or several joined by a router. */
export interface Subject {
  llm: LlmChoice;
  setup?: LlmSetup;
}

/** What a command line asks for, all of it looked at before anything is run. */
export interface ComparePlan {
  arms: readonly Arm[];
  /** Compared one after another; more than one only with `--setup all`. */
  subjects: readonly [Subject, ...Subject[]];
  /** What the routers of the arms learned before, by arm. */
  memories: ReadonlyMap<string, LatencyMemory>;
  /** The callers' voices; those of the project's own calls are made when they are asked for. */
  speak(options: { signal: AbortSignal }): Promise<SpokenCall[]>;
}

const subjectOf = (setup: LlmSetup, memory: boolean): Subject => {
  // A set-up is shown as it is; only its label and source are kept.
  const { name, label: what, emulated, source } = setup;
  const label = memory && setup.routing ? `${what}, begun with what earlier runs have taught` : what;
  return { llm: { name, label, emulated, source }, setup };
};

function subjectsOf({ setup, profile, seed, memory }: CompareOptions): ComparePlan['subjects'] {
  if (setup === undefined) return [{ llm: new LlmShelf({ seed }).choice(profile) }];
  if (profile !== undefined) {
    throw new FirstwordError(
      'bad_input',
      'A set-up brings its own models: give --setup or --profile, not both.',
    );
  }
  const remembers = memory !== undefined;
  if (setup !== 'all') return [subjectOf(setupOf(setup), remembers)];
  const [first, ...others] = setups().map((one) => subjectOf(one, remembers));
  return [first!, ...others];
}

async function recordedCalls(dir: string): Promise<SpokenCall[]> {
  const calls = await readRecordings(dir);
  return calls.map(({ id, clips }) => ({
    id,
    voice: 'recorded',
    clips,
    lines: clips.map(({ line }) => ({ ...line, kind: 'recording' as const })),
  }));
}

/** A file for each arm that gets a router: what one has learned is not the other's. */
function memoriesOf(dir: string | undefined, arms: readonly Arm[]): ComparePlan['memories'] {
  if (dir === undefined) return new Map();
  const routed = arms.filter(({ levers }) => levers !== undefined);
  return new Map(routed.map(({ name }) => [name, latencyFile(join(dir, `${name}.jsonl`))]));
}

/** @throws FirstwordError `bad_input`, saying what there is to choose from; `unwritable` for a memory's folder */
export async function planOf(options: CompareOptions): Promise<ComparePlan> {
  const arms = armsOf(options.arms);
  const subjects = subjectsOf(options);
  const memories = memoriesOf(options.memory, arms);
  if (options.audio === undefined) {
    const calls = callsOf(options.calls ?? 'all');
    return { arms, subjects, memories, speak: ({ signal }) => speakCalls(calls, { signal }) };
  }
  if (options.calls !== undefined) {
    throw new FirstwordError(
      'bad_input',
      'Your recordings are the calls: give --audio or --calls, not both.',
    );
  }
  const recorded = await recordedCalls(options.audio);
  return { arms, subjects, memories, speak: async () => recorded };
}
