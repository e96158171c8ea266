import { type BenchPlan, isSpeechTarget, noTargetError, parseRunBudget } from '@firstword/provider-bench';
import { FirstwordError } from '@firstword/turn';
import { llmFaults } from '../emulate/faults.js';
import type { BenchOptions } from './options.js';

const isEmulated = (target: string) => target.startsWith('emulated:');

function emulatorOf({ targets, emulatorRtt, emulatorFault }: BenchOptions): Pick<BenchPlan, 'emulator'> {
  for (const fault of emulatorFault) llmFaults.parse(fault);
  const hasEmulatorOptions = emulatorRtt > 0 || emulatorFault.length > 0;
  if (!targets.some(isEmulated)) {
    if (!hasEmulatorOptions) return {};
    const message = '--emulator-rtt and --emulator-fault need a target such as emulated:gpt-4o-mini';
    throw new FirstwordError('bad_input', message);
  }
  return { emulator: { rttMs: emulatorRtt, faults: emulatorFault } };
}

/** Options of one kind of target, given without one. */
function checkKinds({ targets, prompt, replay, stages, audio, silence }: BenchOptions): void {
  const refuse = (message: string): never => {
    throw new FirstwordError('bad_input', message);
  };
  if (targets.every(isSpeechTarget) && (prompt ?? replay ?? stages) !== undefined)
    refuse('--prompt, --replay and --stages are about LLMs: leave them out.');
  if (!targets.some(isSpeechTarget) && audio !== undefined)
    refuse('--audio is played to an STT or a realtime model: name one, such as stt:deepgram/nova-3.');
  if (!targets.some((target) => target.startsWith('realtime:')) && silence.length > 0)
    refuse('--silence is a setting of realtime models: name one, such as realtime:openai.');
}

/**
 * Converts the options to a plan.
 * @throws FirstwordError `bad_input` for invalid or conflicting options
 */
export function readPlan(options: BenchOptions): BenchPlan {
  if (options.targets.length === 0) throw noTargetError();
  checkKinds(options);
  return {
    targets: options.targets,
    turns: options.turns,
    warmUps: options.warmUp,
    perSecond: options.pace,
    seed: options.seed,
    languages: options.languages,
    modes: options.mode,
    prefixes: options.prefix,
    bodyEncodings: options.compression,
    efforts: options.effort,
    concurrencies: options.concurrency,
    ...(options.silence.length === 0 ? {} : { silencesMs: options.silence }),
    systemTokens: options.systemTokens,
    historyTurns: options.historyTurns,
    maxCompletionTokens: options.maxTokens,
    timeoutMs: options.timeout,
    ...(options.prompt === undefined ? {} : { promptFile: options.prompt }),
    ...(options.replay === undefined ? {} : { replay: options.replay }),
    ...emulatorOf(options),
    budget: options.budget === undefined ? {} : parseRunBudget(options.budget),
  };
}
