import { confidenceText, diagnose, evidenceOf, rivalsText, savingText } from '@firstword/doctor';
import type { DoctorReport, LeverSet } from '@firstword/studio/protocol';
import { FirstwordError, type TurnRecord } from '@firstword/turn';
import { sameSet } from './lever-set.js';

/** The newest turns of a call that are examined: the work is done where audio passes, so it must stay short. */
const MOST_TURNS = 50;

/**
 * What the doctor says of turns that the same levers answered.
 * @param records of one call, at least one
 */
export function doctorReport(records: readonly TurnRecord[], levers: LeverSet): DoctorReport {
  const evidence = evidenceOf(records);
  const { verdict, findings } = diagnose(evidence);
  return {
    callId: records[0]!.callId,
    levers,
    turns: evidence.turns.length,
    answered: evidence.answered.length,
    verdict,
    findings: findings.map((finding) => {
      const rivals = rivalsText(finding);
      return {
        ...finding,
        savingText: savingText(finding),
        sureText: confidenceText(finding),
        ...(rivals === undefined ? {} : { rivalsText: rivals }),
      };
    }),
  };
}

export interface CallDoctorOptions {
  onReport(report: DoctorReport): void;
  /** Told at most once a call. */
  onError(error: FirstwordError): void;
  /** What examines the turns. */
  examine?: typeof doctorReport;
  /** Runs work after whatever is being done now. */
  later?: (work: () => void) => void;
}

/** Examines a call after each of its turns, never while a turn is being handled, and never to the harm of the call. */
export class CallDoctor {
  readonly #options: CallDoctorOptions;
  #turns: { record: TurnRecord; levers: LeverSet }[] = [];
  #isDue = false;
  #failed = false;

  constructor(options: CallDoctorOptions) {
    this.#options = options;
  }

  /** A turn that has ended, by its final record, and the levers that answered it. */
  add(record: TurnRecord, levers: LeverSet): void {
    this.#turns.push({ record, levers });
    if (this.#turns.length > MOST_TURNS) this.#turns.shift();
    if (this.#isDue || this.#failed) return;
    this.#isDue = true;
    const { later = setImmediate } = this.#options;
    later(() => this.#examine());
  }

  #examine(): void {
    this.#isDue = false;
    const { examine = doctorReport, onReport, onError } = this.#options;
    try {
      const { levers } = this.#turns.at(-1)!;
      const alike = this.#turns.filter((turn) => sameSet(turn.levers, levers));
      onReport(
        examine(
          alike.map(({ record }) => record),
          levers,
        ),
      );
    } catch (cause) {
      this.#failed = true;
      onError(
        new FirstwordError(
          'internal',
          'The doctor could not examine this call, which goes on without it. Please report it, with the call’s record file.',
          { cause },
        ),
      );
    }
  }
}
