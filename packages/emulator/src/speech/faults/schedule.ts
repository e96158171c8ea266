import { invalidRule, RuleSchedule } from '../../faults/schedule.js';
import type {
  ConnectionFault,
  PredictionFault,
  SpeechFault,
  SpeechFaultPlan,
  SpeechFaultRule,
  SynthesisFault,
  UtteranceFault,
} from './speech-fault.js';

/** What the rules of a kind of fault count. */
type Unit = 'connection' | 'utterance' | 'synthesis' | 'prediction';

const UNITS: Readonly<Record<SpeechFault['kind'], Unit>> = {
  refuse: 'connection',
  'http-error': 'connection',
  'slow-handshake': 'connection',
  'close-idle': 'connection',
  'final-late': 'utterance',
  'final-first': 'utterance',
  'final-twice': 'utterance',
  'final-empty': 'utterance',
  'final-changed': 'utterance',
  'no-interims': 'utterance',
  'no-final': 'utterance',
  'confidence-one': 'utterance',
  'reset-utterance': 'utterance',
  'audio-late': 'synthesis',
  'audio-stalls': 'synthesis',
  'audio-never': 'synthesis',
  'audio-missing': 'synthesis',
  'audio-silent': 'synthesis',
  'audio-rate': 'synthesis',
  'close-per-flush': 'synthesis',
  'reset-audio': 'synthesis',
  'error-message': 'synthesis',
  'prediction-never': 'prediction',
  'prediction-late': 'prediction',
  'close-prediction': 'prediction',
};

/** The names of all speech faults. */
export const SPEECH_FAULT_KINDS = Object.keys(UNITS) as readonly SpeechFault['kind'][];

/** Decides which fault applies to each connection, utterance, synthesis and prediction. */
export class SpeechFaultSchedule {
  readonly #connections: RuleSchedule<ConnectionFault>;
  readonly #utterances: RuleSchedule<UtteranceFault>;
  readonly #syntheses: RuleSchedule<SynthesisFault>;
  readonly #predictions: RuleSchedule<PredictionFault>;
  readonly #applied: Record<string, number>;

  /**
   * @param applied counts the faults that are applied, by kind
   * @throws FirstwordError `bad_input` for an invalid rule
   */
  constructor(plan: SpeechFaultPlan, seed: number, applied: Record<string, number>) {
    this.#applied = applied;
    plan.rules.forEach(checkRule);
    const scheduleOf = <F extends SpeechFault>(unit: Unit) => {
      const rules = plan.rules.filter(({ fault }) => UNITS[fault.kind] === unit);
      const scheduled = rules.map((rule) => ({ ...rule, fault: rule.fault as F, scope: rule.service }));
      return new RuleSchedule<F>(scheduled, plan.seed ?? seed);
    };
    this.#connections = scheduleOf('connection');
    this.#utterances = scheduleOf('utterance');
    this.#syntheses = scheduleOf('synthesis');
    this.#predictions = scheduleOf('prediction');
  }

  connection(service: string): ConnectionFault | undefined {
    return this.#counted(this.#connections.next(service));
  }

  utterance(service: string): UtteranceFault | undefined {
    return this.#counted(this.#utterances.next(service));
  }

  synthesis(service: string): SynthesisFault | undefined {
    return this.#counted(this.#syntheses.next(service));
  }

  prediction(service: string): PredictionFault | undefined {
    return this.#counted(this.#predictions.next(service));
  }

  #counted<F extends SpeechFault>(fault: F | undefined): F | undefined {
    if (fault) this.#applied[fault.kind] = (this.#applied[fault.kind] ?? 0) + 1;
    return fault;
  }
}

function checkRule({ fault }: SpeechFaultRule, index: number): void {
  if (!(fault.kind in UNITS)) {
    throw invalidRule(
      index,
      `names a fault that does not exist. The kinds are ${SPEECH_FAULT_KINDS.join(', ')}.`,
    );
  }
  if (fault.kind === 'http-error' && !(fault.status >= 400 && fault.status <= 599)) {
    throw invalidRule(index, `has an HTTP status of ${fault.status}. It must be from 400 to 599.`);
  }
}
