import { accessToModel, openAiWire } from '@firstword/llm';
import { FirstwordError } from '@firstword/turn';
import type { BenchPlan } from '../run-file.js';
import type { BenchArm } from '../sample.js';
import { DEFAULT_SILENCE_MS, realtimeWireOf } from '../targets/realtime-target.js';
import type { BenchTarget } from '../targets/target.js';

type Encoding = BenchPlan['bodyEncodings'][number];

/** The requested encodings that this provider supports; plain JSON where it supports none of them. */
function encodingsFor(target: BenchTarget, wanted: readonly Encoding[]): (Encoding | undefined)[] {
  if (wanted.length === 0) return [undefined];
  if (target.emulated) return [...wanted];
  const { bodyEncodings = [] } = accessToModel(target).provider;
  const taken = wanted.filter((encoding) => encoding === 'json' || bodyEncodings.includes(encoding));
  return taken.length > 0 ? taken : ['json'];
}

function effortsFor(target: BenchTarget, wanted: readonly string[]): (string | undefined)[] {
  if (wanted.length === 0) return [undefined];
  if (target.emulated || accessToModel(target).provider.wire === openAiWire) return [...wanted];
  throw new FirstwordError(
    'bad_input',
    `${target.provider} does not support named reasoning efforts: leave out --effort, or measure ${target.text} in a separate run.`,
  );
}

function idOf({
  target,
  mode,
  idleMs,
  prefix,
  bodyEncoding,
  effort,
  silenceMs,
  concurrency,
}: Omit<BenchArm, 'id'>): string {
  return [
    target,
    ...(mode === 'cold' ? ['cold'] : []),
    ...(mode === 'idle' ? [`idle ${idleMs! / 1000} s`] : []),
    ...(prefix === 'broken' ? ['broken prefix'] : []),
    ...(bodyEncoding === undefined ? [] : [bodyEncoding]),
    ...(effort === undefined ? [] : [`effort ${effort}`]),
    ...(silenceMs === undefined || silenceMs === DEFAULT_SILENCE_MS ? [] : [`silence ${silenceMs} ms`]),
    ...(concurrency > 1 ? [`${concurrency} at once`] : []),
  ].join(' · ');
}

/** A speech engine has a variant for each connection mode. */
function speechArms({ modes }: BenchPlan, target: BenchTarget): BenchArm[] {
  const { text, provider, model, emulated, kind } = target;
  return modes.map(({ mode, idleMs }) => {
    if (kind === 'stt' && mode === 'idle') {
      throw new FirstwordError(
        'bad_input',
        `${text}: a stream at an STT hears silence between the lines and is never idle; measure warm and cold.`,
      );
    }
    const parts = {
      kind: kind!,
      target: text,
      provider,
      model,
      mode,
      prefix: 'stable' as const,
      concurrency: 1,
      emulated,
      ...(idleMs === undefined ? {} : { idleMs }),
    };
    return { id: idOf(parts), ...parts };
  });
}

/** GPT-Live decides itself when a turn is over. */
const takesSilence = (target: BenchTarget) => realtimeWireOf(target) !== 'gpt-live';

/** A realtime model has a session of its own for each request, and a variant for each silence after which its provider ends the turn. */
function realtimeArms({ silencesMs = [DEFAULT_SILENCE_MS] }: BenchPlan, target: BenchTarget): BenchArm[] {
  const { text, provider, model, emulated } = target;
  const settings = takesSilence(target) ? silencesMs.map((silenceMs) => ({ silenceMs })) : [{}];
  return settings.map((setting) => {
    const parts = {
      kind: 'realtime' as const,
      target: text,
      provider,
      model,
      mode: 'warm' as const,
      prefix: 'stable' as const,
      concurrency: 1,
      emulated,
      ...setting,
    };
    return { id: idOf(parts), ...parts };
  });
}

/**
 * Every combination of the settings that the plan varies, for each target.
 * @throws FirstwordError `bad_input` where a target does not support a setting
 */
export function armsOf(plan: BenchPlan, targets: readonly BenchTarget[]): BenchArm[] {
  return targets.flatMap((target) => {
    if (target.kind === 'realtime') return realtimeArms(plan, target);
    return target.kind ? speechArms(plan, target) : llmArms(plan, target);
  });
}

function llmArms(plan: BenchPlan, target: BenchTarget): BenchArm[] {
  const arms: BenchArm[] = [];
  for (const { mode, idleMs } of plan.modes)
    for (const prefix of plan.prefixes)
      for (const bodyEncoding of encodingsFor(target, plan.bodyEncodings))
        for (const effort of effortsFor(target, plan.efforts))
          for (const concurrency of plan.concurrencies) {
            const parts = {
              target: target.text,
              provider: target.provider,
              model: target.model,
              mode,
              prefix,
              concurrency,
              emulated: target.emulated,
              ...(idleMs === undefined ? {} : { idleMs }),
              ...(bodyEncoding === undefined ? {} : { bodyEncoding }),
              ...(effort === undefined ? {} : { effort }),
            };
            arms.push({ id: idOf(parts), ...parts });
          }
  return arms;
}
