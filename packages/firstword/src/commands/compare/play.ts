import {
  type Arm,
  type CallOutcome,
  type ComparisonOptions,
  playComparison,
  ScriptRecognizer,
  type SpokenAgentParts,
  type SpokenCall,
} from '@firstword/calls';
import { engineRecognizer } from '@firstword/emulator/speech';
import type { LanguageModel } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { LlmRegistry } from '../../llm/registry.js';
import { APOLOGY, GREETING, INSTRUCTIONS } from '../../receptionist.js';
import type { SpeechEngines } from '../../speech-engines.js';
import type { CompareOptions } from './options.js';
import type { ComparePlan, Subject } from './plan.js';
import { openRealtime, type RealtimeChoice } from './realtime.js';
import { openSetup } from './setups.js';
import { openSpeech, type SpeechChoice } from './speech.js';

/** Prefix of the names of a run's files. */
function newRunId(): string {
  return new Date().toISOString().replace(/\D/g, '').slice(0, 14);
}

/**
 * Opens one model per arm, each in a registry of its own, so that arms share neither rate limits nor learned latencies.
 * Emulated delays are drawn per question: the same question has the same delay in every arm, so a difference between the
 * arms is not caused by different draws.
 */
async function openModels(options: {
  arms: readonly Arm[];
  subject: Subject;
  compare: CompareOptions;
  memories: ComparePlan['memories'];
  registries: LlmRegistry[];
  signal: AbortSignal;
}): Promise<Map<string, LanguageModel>> {
  const { arms, subject, compare, memories, registries, signal } = options;
  const { setup } = subject;
  const models = new Map<string, LanguageModel>();
  for (const arm of arms) {
    const registry = new LlmRegistry({ seed: compare.seed, ttftSequence: 'per-question' });
    registries.push(registry);
    const memory = memories.get(arm.name);
    const model = setup
      ? await openSetup({ setup, registry, routed: arm.levers !== undefined, memory, signal })
      : await registry.get(compare.profile, { signal });
    models.set(arm.name, model);
  }
  return models;
}

/** The speech of one arm, and its realtime model. */
interface OpenArm {
  parts: SpokenAgentParts;
  close(): Promise<void>;
}

/** Opens an arm's speech and realtime model. What was opened is added to `opened` at once, so that it is closed if the rest fails. */
async function openArms(
  arms: readonly Arm[],
  choices: { speech: SpeechChoice | undefined; realtime: RealtimeChoice | undefined },
  options: Parameters<typeof openSpeech>[1] & { opened: Map<string, OpenArm> },
): Promise<void> {
  for (const { name, realtime: arm } of arms) {
    const { stt, tts, close } = await openSpeech(choices.speech, options);
    options.opened.set(name, { parts: { stt, tts }, close });
    if (!arm || !choices.realtime) continue;
    const realtime = await openRealtime(choices.realtime, arm, options);
    const closeBoth = async () => {
      await realtime.close();
      await close();
    };
    options.opened.set(name, { parts: { stt, tts, realtime: realtime.parts }, close: closeBoth });
  }
}

/** Plays every call of one comparison. Reports each outcome immediately, so that stopping loses none. */
export async function playSubject(options: {
  compare: CompareOptions;
  subject: Subject;
  arms: readonly Arm[];
  memories: ComparePlan['memories'];
  calls: readonly SpokenCall[];
  engines: SpeechEngines;
  /** Hosted speech in the place of the engines. */
  speech: SpeechChoice | undefined;
  /** The realtime model of the arms that have one. */
  realtime: RealtimeChoice | undefined;
  dir: string;
  isPlayed: NonNullable<ComparisonOptions['isPlayed']>;
  onCall: NonNullable<ComparisonOptions['onCall']>;
  onOutcome: (outcome: CallOutcome) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { compare, subject, arms, memories, calls, engines, dir, isPlayed, onCall, onOutcome, signal } =
    options;
  const registries: LlmRegistry[] = [];
  const opened = new Map<string, OpenArm>();
  try {
    const models = await openModels({ arms, subject, compare, memories, registries, signal });
    const isScripted = calls.every(({ clips }) => clips.every(({ words }) => words));
    const script = isScripted ? new ScriptRecognizer(systemClock) : undefined;
    const recognizer = script ?? engineRecognizer(engines.stt);
    await openArms(arms, options, { engines, recognizer, seed: compare.seed, signal, opened });
    await playComparison({
      arms,
      calls,
      rounds: compare.rounds,
      seed: compare.seed,
      warmUp: compare.warmUp,
      agentOf: (arm) => ({
        ...opened.get(arm.name)!.parts,
        llm: models.get(arm.name)!,
        instructions: INSTRUCTIONS,
        greeting: GREETING,
        apology: APOLOGY,
      }),
      dir,
      runId: newRunId(),
      transcripts: compare.transcripts ?? false,
      isPlayed,
      onCall: (planned) => {
        script?.beginCall();
        onCall(planned);
      },
      onCallerLine: ({ words = [] }, startMs) => script?.beginLine(words, startMs),
      onOutcome,
      signal,
    });
  } finally {
    for (const { close } of opened.values()) await close();
    for (const registry of registries) await registry.close();
  }
}
