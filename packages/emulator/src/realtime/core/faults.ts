import type { RuleConditions } from '../../faults/fault.js';
import { invalidRule, RuleSchedule } from '../../faults/schedule.js';

/** Faults of one response. */
export type ResponseFault =
  /** The response is begun and completed without any output. */
  | { kind: 'silent-generation' }
  /** The transcript of an answer, but no audio. */
  | { kind: 'no-audio' }
  /** An answer whose audio is silence. */
  | { kind: 'silent-audio' }
  /** The first audio, and all after it, comes this much later. */
  | { kind: 'late-audio'; delayMs: number }
  /** The audio stops after `afterMs` (default 300), in the middle of a word. The response is never completed. */
  | { kind: 'audio-stops'; afterMs?: number }
  /** The response is never begun. */
  | { kind: 'never-created' }
  /** The response fails: the rate limit is exceeded. */
  | { kind: 'rate-limited' }
  /** The response fails: an error of the provider. */
  | { kind: 'server-error' }
  /** The connection is reset when the response should begin. */
  | { kind: 'reset' }
  /** An event of an unknown type, an event without fields, and then the answer. */
  | { kind: 'garbage' }
  /** A frame that is no JSON, and then the answer. The plugin for LiveKit 1.9.0 throws it uncaught. */
  | { kind: 'broken-frame' };

/** Faults of one connection. */
export type RealtimeConnectionFault =
  /** The client's request to open a WebSocket is refused with this status. */
  | { kind: 'http-error'; status: number }
  /** The session reaches its maximum duration after this time and is closed. Gemini Live warns first, with `goAway`. */
  | { kind: 'session-expires'; afterMs: number };

/** Faults that the realtime emulator can simulate. */
export type RealtimeFault = ResponseFault | RealtimeConnectionFault;

/** When a fault applies. Conditions count the responses, or for faults of connections the connections. */
export interface RealtimeFaultRule extends RuleConditions {
  /** The fault to apply. */
  fault: RealtimeFault;
}

/** Which faults apply. The first rule that applies wins. Plain data. */
export interface RealtimeFaultPlan {
  rules: readonly RealtimeFaultRule[];
  /** Seed of `probability`. Default: the emulator's seed. */
  seed?: number;
}

const OF_CONNECTIONS: readonly RealtimeFault['kind'][] = ['http-error', 'session-expires'];

/** Counts responses and connections and decides which fault, if any, applies to each. */
export class RealtimeFaultSchedule {
  readonly #schedule: RuleSchedule<RealtimeFault>;
  readonly #applied: Record<string, number>;

  /**
   * @param applied counts the faults applied, by kind
   * @throws FirstwordError `bad_input` for an invalid rule
   */
  constructor(plan: RealtimeFaultPlan, seed: number, applied: Record<string, number>) {
    plan.rules.forEach(({ fault }, index) => {
      if (fault.kind === 'http-error' && !(fault.status >= 400 && fault.status <= 599)) {
        throw invalidRule(index, `has an HTTP status of ${fault.status}. It must be from 400 to 599.`);
      }
    });
    const scoped = plan.rules.map((rule) => ({
      ...rule,
      scope: OF_CONNECTIONS.includes(rule.fault.kind) ? 'connection' : 'response',
    }));
    this.#schedule = new RuleSchedule(scoped, plan.seed ?? seed);
    this.#applied = applied;
  }

  /** Counts a response and returns its fault. */
  response(): ResponseFault | undefined {
    return this.#next('response') as ResponseFault | undefined;
  }

  /** Counts a connection and returns its fault. */
  connection(): RealtimeConnectionFault | undefined {
    return this.#next('connection') as RealtimeConnectionFault | undefined;
  }

  #next(scope: string): RealtimeFault | undefined {
    const fault = this.#schedule.next(scope);
    if (fault) this.#applied[fault.kind] = (this.#applied[fault.kind] ?? 0) + 1;
    return fault;
  }
}
