import { type Arm, armsOf, type CallOutcome, callsOf, compareReport, playComparison } from '@firstword/bench';
import { prepareCalls } from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { FirstwordError, isFirstwordError } from '@firstword/turn';
import { type LlmChoice, LlmShelf } from '../../llm/shelf.js';
import { APOLOGY, GREETING, INSTRUCTIONS } from '../../receptionist.js';
import { stopSignal } from '../../stop-signal.js';
import { openVoiceParts } from '../../voice-parts.js';
import type { CompareOptions } from './define.js';
import { type CompareFolder, openFolder } from './folder.js';
import { pool, readComparison } from './merge.js';
import { CompareScreen } from './screen.js';
import { openSetup, setupOf } from './setups.js';
import { speakCalls } from './spoken-calls.js';

/** What is running, with the way to stop it; closed in the reverse order. */
type Closers = (() => Promise<void>)[];

function newRunId(): string {
  return new Date().toISOString().replace(/\D/g, '').slice(0, 14);
}

/** A shelf for each arm: what one has used up or learned is not the other's, and both get the same delays. */
async function modelsOf(
  arms: readonly Arm[],
  options: CompareOptions,
  signal: AbortSignal,
  closers: Closers,
): Promise<Map<string, LanguageModel>> {
  const models = new Map<string, LanguageModel>();
  for (const arm of arms) {
    const shelf = new LlmShelf({ seed: options.seed });
    closers.push(() => shelf.close());
    const model =
      options.setup === undefined
        ? await shelf.get(options.profile, { signal })
        : await openSetup({ setup: setupOf(options.setup), shelf, routed: arm.levers !== undefined, signal });
    models.set(arm.name, model);
  }
  return models;
}

/** Who answers. A set-up is shown as it is; only its label and source are kept. */
function choiceOf({ setup, profile, seed }: CompareOptions): LlmChoice {
  if (setup === undefined) return new LlmShelf({ seed }).choice(profile);
  if (profile !== undefined) {
    throw new FirstwordError(
      'bad_input',
      'A set-up brings its own models: give --setup or --profile, not both.',
    );
  }
  const { name, label, emulated, source } = setupOf(setup);
  return { name, label, emulated, source };
}

/** Loads everything and plays the calls; outcomes are handed over as they come, so that stopping loses none. */
async function play(options: {
  compare: CompareOptions;
  arms: readonly Arm[];
  folder: CompareFolder;
  screen: CompareScreen;
  signal: AbortSignal;
  closers: Closers;
  onOutcome: (outcome: CallOutcome) => void;
}): Promise<void> {
  const { compare, arms, folder, screen, signal, closers } = options;
  screen.step('Loading the ears, the voice and the end-of-turn model …');
  prepareCalls();
  const parts = await openVoiceParts({ signal });
  closers.push(() => parts.close());
  screen.step("Speaking the callers' lines …");
  const calls = await speakCalls(callsOf(compare.calls), { signal });
  const models = await modelsOf(arms, compare, signal, closers);
  await playComparison({
    arms,
    calls,
    rounds: compare.rounds,
    seed: compare.seed,
    warmUp: compare.warmUp,
    agentOf: (arm) => ({
      stt: parts.stt,
      tts: parts.agentVoice,
      llm: models.get(arm.name)!,
      instructions: INSTRUCTIONS,
      greeting: GREETING,
      apology: APOLOGY,
    }),
    dir: folder.path,
    runId: newRunId(),
    transcripts: compare.transcripts ?? false,
    onCall: (planned) => screen.call(planned),
    onOutcome: options.onOutcome,
    signal,
  });
}

/** Tells, and keeps, what was measured. */
async function report(options: {
  compare: CompareOptions;
  arms: readonly Arm[];
  llm: LlmChoice;
  calls: CallOutcome[];
  stopped: boolean;
  folder: CompareFolder;
  screen: CompareScreen;
}): Promise<void> {
  const { compare, arms, llm, calls, stopped, folder, screen } = options;
  const { seed, rounds } = compare;
  const names = arms.map((arm) => arm.name);
  const summary = {
    type: 'comparison' as const,
    llm,
    seed,
    rounds,
    stopped,
    ...compareReport(names, calls, { seed }),
    calls,
  };
  screen.summary(summary, folder.kept ? folder.path : undefined);
  await folder.write(summary);
}

async function mergeRuns(files: readonly string[], options: CompareOptions): Promise<void> {
  const signal = stopSignal();
  const pooled = pool(await Promise.all(files.map((file) => readComparison(file, { signal }))));
  new CompareScreen({ json: options.json ?? false }).summary(pooled, undefined);
  if (options.out === undefined) return;
  const folder = await openFolder(options.out);
  await folder.write(pooled);
}

/** `firstword compare`. */
export async function compare(options: CompareOptions): Promise<void> {
  if (options.merge) return mergeRuns(options.merge, options);
  const arms = armsOf(options.arms);
  callsOf(options.calls);
  const llm = choiceOf(options);
  const signal = stopSignal();
  const folder = await openFolder(options.out);
  const screen = new CompareScreen({ json: options.json ?? false });
  const closers: Closers = [() => folder.close()];
  const calls: CallOutcome[] = [];
  const onOutcome = (outcome: CallOutcome) => {
    calls.push(outcome);
    screen.outcome(outcome);
  };
  let failure: unknown;
  try {
    screen.begin(llm, arms);
    await play({ compare: options, arms, folder, screen, signal, closers, onOutcome });
  } catch (error) {
    if (!signal.aborted || !isFirstwordError(error, 'aborted')) failure = error;
  } finally {
    screen.close();
    for (const close of closers.reverse()) await close();
  }
  const stopped = signal.aborted || failure !== undefined;
  if (calls.length > 0) await report({ compare: options, arms, llm, calls, stopped, folder, screen });
  if (failure !== undefined) throw failure;
  if (signal.aborted) process.exitCode = 130;
}
