import type { Clock } from '@firstword/turn';
import type { BenchSample } from '../sample.js';
import { type CpuShares, type CpuTimes, cpuShares, readCpuTimes } from './cpu-times.js';

/** The event loop is checked this often: any longer block is detected. */
const TICK_MS = 5;
/** Timers are this late even on an idle machine. */
const USUAL_LATENESS_MS = 1.5;
/** CPU times are read this often. /proc counts in 10 ms ticks, so shorter intervals are too coarse. */
const CPU_EVERY_MS = 500;
/** Observations are kept this long; longer than any request. */
const REMEMBER_MS = 120_000;

interface TimeSpan {
  fromMs: number;
  toMs: number;
}

type CpuSample = TimeSpan & CpuShares;

/**
 * Monitors this machine during a run: event-loop blocks and CPU shares. `during()` returns the worst values within the
 * time of one request.
 */
export class MachineMonitor {
  readonly #clock: Clock;
  readonly #readCpu: () => Promise<CpuTimes>;
  readonly #blocks: TimeSpan[] = [];
  readonly #cpuSamples: CpuSample[] = [];
  #dueMs = 0;
  #cancelTick: (() => void) | undefined;
  #cancelCpu: (() => void) | undefined;
  #waiting: (() => void)[] = [];
  #stopped = false;

  constructor(options: { clock: Clock; readCpu?: () => Promise<CpuTimes> }) {
    this.#clock = options.clock;
    this.#readCpu = options.readCpu ?? readCpuTimes;
  }

  /** Starts monitoring. Resolves after the first CPU reading. */
  async start(): Promise<void> {
    this.#tick();
    this.#watchCpu(await this.#readCpu(), this.#clock.nowMs());
  }

  /** Stops monitoring. Pending `during()` calls resolve with what was observed. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTick?.();
    this.#cancelCpu?.();
    this.#resolveWaiting();
  }

  /** The worst values between two times on the clock. Waits for the next CPU reading, unless stopped. */
  async during(fromMs: number, toMs: number): Promise<Omit<BenchSample['machine'], 'contaminated'>> {
    if (!this.#stopped) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#between(fromMs, toMs);
  }

  #resolveWaiting(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  #between(fromMs: number, toMs: number): Omit<BenchSample['machine'], 'contaminated'> {
    const overlaps = (span: TimeSpan) => span.toMs > fromMs && span.fromMs < toMs;
    const blocks = this.#blocks.filter(overlaps).map((one) => one.toMs - one.fromMs);
    const cpuSamples = this.#cpuSamples.filter(overlaps);
    const worst = (of: (shares: CpuShares) => number | undefined) =>
      cpuSamples
        .map(of)
        .filter((share) => share !== undefined)
        .sort((a, b) => b - a)[0];
    const cpuShare = worst((one) => one.cpuShare);
    const stealShare = worst((one) => one.stealShare);
    return {
      eventLoopDelayMs: Math.max(0, ...blocks),
      ...(cpuShare === undefined ? {} : { cpuShare }),
      ...(stealShare === undefined ? {} : { stealShare }),
    };
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#dueMs > 0 && nowMs - this.#dueMs > USUAL_LATENESS_MS) {
      this.#blocks.push({ fromMs: this.#dueMs, toMs: nowMs });
      forget(this.#blocks, nowMs - REMEMBER_MS);
    }
    this.#dueMs = nowMs + TICK_MS;
    this.#cancelTick = this.#clock.schedule(TICK_MS, () => this.#tick());
  }

  #watchCpu(before: CpuTimes, fromMs: number): void {
    if (this.#stopped) return;
    this.#cancelCpu = this.#clock.schedule(CPU_EVERY_MS, () => {
      void this.#readCpu().then((after) => {
        const toMs = this.#clock.nowMs();
        const shares = cpuShares(before, after);
        if (shares) this.#cpuSamples.push({ fromMs, toMs, ...shares });
        forget(this.#cpuSamples, toMs - REMEMBER_MS);
        this.#resolveWaiting();
        this.#watchCpu(after, toMs);
      });
    });
  }
}

function forget(spans: TimeSpan[], beforeMs: number): void {
  while (spans.length > 0 && spans[0]!.toMs < beforeMs) spans.shift();
}
