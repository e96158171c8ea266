import { confidenceText, diagnose, evidenceOf, rivalsText, savingText } from '@firstword/doctor';
import { rulePage } from '@firstword/doctor/pages';
import { type CallRecord, FirstwordError, type TurnRecord } from '@firstword/turn';
import { equalLeverSets } from './lever-set.js';
import type { DoctorReport, LeverSet } from './protocol.js';

/** Only this many of the newest turns are examined: the work runs on the thread that handles audio, so it must be short. */
const MAX_TURNS = 50;

/** A page may not open a `file:` URL: the studio's server serves that page under its own address. */
const servedPage = (docs: string, rule: string): string =>
  docs.startsWith('file:') ? `docs/${rulePage(rule)}` : docs;

/**
 * The doctor's report on turns that were answered with the same levers.
 * @param records at least one record, all of one call
 * @param call the record of the call, whose time to hello is examined too
 */
export function doctorReport(
  records: readonly TurnRecord[],
  levers: LeverSet,
  call?: CallRecord,
): DoctorReport {
  const evidence = evidenceOf(call ? [...records, call] : records);
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
        docs: servedPage(finding.docs, finding.rule),
        savingText: savingText(finding),
        sureText: confidenceText(finding),
        ...(rivals === undefined ? {} : { rivalsText: rivals }),
      };
    }),
  };
}

/** Callbacks of a CallDoctor, and replacements for tests. */
export interface CallDoctorOptions {
  /** Called with a new report after turns. */
  onReport(report: DoctorReport): void;
  /** Called at most once per call; the doctor then stops examining it. */
  onError(error: FirstwordError): void;
  /** Examines the turns. Default `doctorReport`. */
  examine?: typeof doctorReport;
  /** Defers work until the current task is done. Default `setImmediate`. */
  defer?: (work: () => void) => void;
}

/** Runs the doctor after each turn of a call, deferred until the turn has been handled. An error never ends the call. */
export class CallDoctor {
  readonly #options: CallDoctorOptions;
  #turns: { record: TurnRecord; levers: LeverSet }[] = [];
  #call: CallRecord | undefined;
  #isDue = false;
  #failed = false;

  constructor(options: CallDoctorOptions) {
    this.#options = options;
  }

  /** Takes the record of the call, or a later version of it. It is examined with the next turn. */
  addCall(record: CallRecord): void {
    this.#call = record;
  }

  /** Adds a finished turn and the levers that answered it. */
  add(record: TurnRecord, levers: LeverSet): void {
    this.#turns.push({ record, levers });
    if (this.#turns.length > MAX_TURNS) this.#turns.shift();
    if (this.#isDue || this.#failed) return;
    this.#isDue = true;
    const { defer = setImmediate } = this.#options;
    defer(() => this.#examine());
  }

  #examine(): void {
    this.#isDue = false;
    const { examine = doctorReport, onReport, onError } = this.#options;
    try {
      const { levers } = this.#turns.at(-1)!;
      const comparable = this.#turns.filter((turn) => equalLeverSets(turn.levers, levers));
      onReport(
        examine(
          comparable.map(({ record }) => record),
          levers,
          this.#call,
        ),
      );
    } catch (cause) {
      this.#failed = true;
      onError(
        new FirstwordError(
          'internal',
          'The doctor could not examine this call. The call goes on without it. Please report this with the call’s record file.',
          { cause },
        ),
      );
    }
  }
}
