import {
  type Clock,
  FirstwordError,
  isFirstwordError,
  type SpeechMeasurement,
  type SpeechProbe,
} from '@firstword/turn';
import { withoutUndefined } from '../analyse/values.js';
import type { BudgetTracker, ResourceUse } from '../budget/budget.js';
import type { Prices } from '../budget/prices.js';
import { speechCostUsd } from '../budget/speech-cost.js';
import type { PlannedRequest } from '../plan/schedule.js';
import type { BenchPlan } from '../run-file.js';
import type { BenchArm, BenchSample, SpeechTimes } from '../sample.js';
import { roundToMicroseconds } from './measure-request.js';
import type { ClientSample, PlanClient, SendOptions } from './plan-client.js';
import { errorOf } from './to-sample.js';

/** Opens a probe of an arm's speech engine. It has no connection yet. */
export type OpenSpeechProbe = (arm: BenchArm) => Promise<SpeechProbe>;

/** Options of `SpeechClient`. */
export interface SpeechClientOptions {
  plan: BenchPlan;
  prices: Prices;
  /** The run's budget. */
  budget: BudgetTracker;
  openProbe: OpenSpeechProbe;
  clock: Clock;
}

interface Acquired {
  probe: SpeechProbe;
  /** Closes a probe that was opened for this request alone. */
  release(): Promise<void>;
}

/** Plays a line to STT engines and realtime models, and has TTS engines speak one. */
export class SpeechClient implements PlanClient {
  readonly #options: SpeechClientOptions;
  readonly #budget: BudgetTracker;
  readonly #warm = new Map<string, Promise<SpeechProbe>>();
  readonly #primed = new Map<number, Promise<SpeechProbe>>();

  constructor(options: SpeechClientOptions) {
    this.#options = options;
    this.#budget = options.budget;
  }

  get used(): ResourceUse {
    return this.#budget.used;
  }

  get committed(): ResourceUse {
    return this.#budget.committed;
  }

  async warm(arms: readonly BenchArm[], options: { signal: AbortSignal }): Promise<void> {
    const warm = arms.filter(({ mode }) => mode === 'warm');
    await Promise.allSettled(warm.map(async (arm) => (await this.#warmProbe(arm)).ready(options)));
  }

  prime({ index, arm }: PlannedRequest, options: { signal: AbortSignal }): void {
    const opened = this.#options.openProbe(arm);
    this.#primed.set(index, opened);
    void opened.then((probe) => probe.ready(options)).catch(() => {});
  }

  send(planned: PlannedRequest, options: SendOptions): Promise<ClientSample> | undefined {
    const most = this.#most(planned.arm);
    if (!this.#budget.reserve(most)) return undefined;
    return this.#measure(planned, most, options);
  }

  async close(): Promise<void> {
    const open = await Promise.allSettled([...this.#warm.values(), ...this.#primed.values()]);
    const probes = open.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.allSettled(probes.map((probe) => probe.close()));
  }

  #warmProbe(arm: BenchArm): Promise<SpeechProbe> {
    const known = this.#warm.get(arm.id);
    if (known) return known;
    const opened = this.#options.openProbe(arm);
    this.#warm.set(arm.id, opened);
    return opened;
  }

  async #acquire({ index, arm }: PlannedRequest): Promise<Acquired> {
    if (arm.mode === 'warm') return { probe: await this.#warmProbe(arm), release: async () => {} };
    const probe = await (this.#primed.get(index) ?? this.#options.openProbe(arm));
    this.#primed.delete(index);
    return { probe, release: () => probe.close() };
  }

  async #measure(planned: PlannedRequest, most: ResourceUse, options: SendOptions): Promise<ClientSample> {
    const { originMs, signal } = options;
    const { clock } = this.#options;
    let measured: SpeechMeasurement;
    try {
      const { probe, release } = await this.#acquire(planned);
      measured = await probe.measure({ signal }).finally(release);
    } catch (error) {
      if (signal.aborted) {
        this.#budget.settle(most, most);
        throw error;
      }
      measured = notMeasured(planned.arm, error, clock);
    }
    const usd = this.#usd(planned.arm, measured.billed);
    this.#budget.settle(most, { requests: 1, tokens: 0, usd: usd ?? 0 });
    const { startedMs, endedMs, error } = measured;
    const sample = this.#sample({ planned, measured, originMs, usd });
    return { sample, fromMs: startedMs, untilMs: endedMs, error };
  }

  #most(arm: BenchArm): ResourceUse {
    const { speech, timeoutMs } = this.#options.plan;
    const { text, lineMs } = speech!;
    const billed = arm.kind === 'tts' ? text.length : lineMs + 2 * timeoutMs;
    return { requests: 1, tokens: 0, usd: this.#usd(arm, billed) ?? 0 };
  }

  #usd(arm: BenchArm, billed: number): number | undefined {
    const price = this.#options.prices.speech?.[arm.target];
    return price && speechCostUsd(price, billed);
  }

  #sample(parts: {
    planned: PlannedRequest;
    measured: SpeechMeasurement;
    originMs: number;
    usd: number | undefined;
  }): Omit<BenchSample, 'machine'> {
    const { planned, measured, originMs, usd } = parts;
    const { index, arm, warmUp, conversation, turn } = planned;
    const { startedMs, lateMs, endedMs, connectionMs, error } = measured;
    return {
      index,
      armId: arm.id,
      warmUp,
      language: 'und',
      conversation,
      turn,
      promptCharacters: arm.kind === 'tts' ? this.#options.plan.speech!.text.length : 0,
      scheduledMs: roundToMicroseconds(startedMs - lateMs - originMs),
      startedMs: roundToMicroseconds(startedMs - originMs),
      phases: { endMs: roundToMicroseconds(endedMs - startedMs) },
      speech: timesOf(measured),
      connection: connectionMs === undefined ? 'reused' : 'cold',
      requests: 1,
      ...(usd === undefined ? {} : { costUsd: usd }),
      ...(arm.emulated ? { emulated: true as const } : {}),
      ...errorOf(error),
    };
  }
}

/** A request whose engine could not even be opened. */
function notMeasured({ kind }: BenchArm, cause: unknown, clock: Clock): SpeechMeasurement {
  const error = isFirstwordError(cause)
    ? cause
    : new FirstwordError('internal', 'the request failed in an unexpected way', { cause });
  const nowMs = clock.nowMs();
  const common = { startedMs: nowMs, lateMs: 0, endedMs: nowMs, billed: 0, events: [], error };
  if (kind === 'realtime') return { kind, ...common };
  return kind === 'stt'
    ? { kind, ...common, interims: 0, characters: 0 }
    : { kind: 'tts', ...common, audioMs: 0 };
}

const rounded = (ms: number | undefined) => (ms === undefined ? undefined : roundToMicroseconds(ms));

function timesOf(measured: SpeechMeasurement): SpeechTimes {
  const { billed } = measured;
  const connectionMs = rounded(measured.connectionMs);
  if (measured.kind === 'realtime') {
    const { kind, sessionMs, turnEndMs, createdMs, firstByteMs, firstAudibleMs } = measured;
    const times = { sessionMs, turnEndMs, createdMs, firstByteMs, firstAudibleMs };
    const all = Object.entries(times).map(([name, value]) => [name, rounded(value)]);
    return { kind, billed, ...withoutUndefined({ ...Object.fromEntries(all), connectionMs }) };
  }
  if (measured.kind === 'tts') {
    const { kind, firstByteMs, firstAudibleMs, audioMs } = measured;
    const times = { firstByteMs: rounded(firstByteMs), firstAudibleMs: rounded(firstAudibleMs) };
    return { kind, billed, audioMs, ...withoutUndefined({ ...times, connectionMs }) };
  }
  const { kind, interims, characters, finalMs, firstInterimMs, interimEveryMs, eagerMs } = measured;
  const times = {
    finalMs: rounded(finalMs),
    firstInterimMs: rounded(firstInterimMs),
    interimEveryMs: rounded(interimEveryMs),
    // May be negative: before the last word.
    eagerMs: eagerMs === undefined ? undefined : Math.round(eagerMs * 1000) / 1000,
  };
  return { kind, billed, interims, characters, ...withoutUndefined({ ...times, connectionMs }) };
}
