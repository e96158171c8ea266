import { existsSync } from 'node:fs';
import {
  type Diagnosis,
  diagnose,
  diagnosisMarkdown,
  type Evidence,
  examine,
  examineText,
  inputSummaryText,
  LEVELS,
  renderDiagnosis,
} from '@firstword/doctor';
import { isProse, READABLE_INPUT } from '@firstword/records/import';
import { FirstwordError } from '@firstword/turn';
import { stopSignal } from '../../stop-signal.js';
import { styleOf } from '../../terminal/style.js';
import { ReportProgress } from '../report/progress.js';
import { explain } from './explain.js';
import type { DoctorOptions } from './options.js';

const DEFAULT_PATH = 'firstword-out';

/** Whether an argument is pasted text and not a path: no such file exists, and it contains `{`, `a=b` after a space, a line break or a sentence. */
const isPasted = (input: string): boolean =>
  !existsSync(input) && (/[{\n]|\s\w+=/.test(input) || isProse(input));

async function evidenceFrom(
  options: DoctorOptions,
  signal: AbortSignal,
  progress: ReportProgress,
): Promise<Evidence> {
  const { inputs, llm } = options;
  const pasted = inputs.filter(isPasted);
  if (pasted.length === 0) {
    const onProgress = (done: number) => progress.show('reading', done);
    return examine(inputs.length > 0 ? inputs : [DEFAULT_PATH], { llm, signal, onProgress });
  }
  if (pasted.length < inputs.length)
    throw new FirstwordError('bad_input', 'give files or pasted lines, not both');
  return examineText(pasted.join('\n'), { llm });
}

/** Throws if the input contains neither turns nor events: an empty diagnosis would look like a healthy one. */
function requireInput({ turns, events, hellos, input }: Evidence): void {
  if (turns.length > 0 || events.length > 0 || hellos.length > 0) return;
  const hint = input.refused.length > 0 ? [] : [`Supported input: ${READABLE_INPUT}.`];
  throw new FirstwordError(
    'bad_input',
    ['the input contains no turn.', ...inputSummaryText(input), ...hint].join('\n  '),
  );
}

function print(diagnosis: Diagnosis, { json, md, all }: DoctorOptions): void {
  const { stdout } = process;
  if (json) stdout.write(`${JSON.stringify(diagnosis)}\n`);
  else if (md) stdout.write(diagnosisMarkdown(diagnosis));
  else stdout.write(`\n${renderDiagnosis(diagnosis, { ...styleOf(stdout), all: all ?? false })}\n`);
}

/** Whether a finding has at least the `--fail-on` level. */
export function fails({ findings }: Diagnosis, level: DoctorOptions['failOn']): boolean {
  return level !== undefined && findings.some((one) => LEVELS.indexOf(one.level) >= LEVELS.indexOf(level));
}

/** `firstword doctor`. */
export async function doctor(options: DoctorOptions): Promise<void> {
  if (options.json && options.md) throw new FirstwordError('bad_input', 'give --json or --md, not both');
  if (options.explain !== undefined) {
    process.stdout.write(await explain(options.explain));
    return;
  }
  const signal = stopSignal();
  const progress = new ReportProgress();
  try {
    const evidence = await evidenceFrom(options, signal, progress);
    progress.clear();
    requireInput(evidence);
    const diagnosis = diagnose(evidence, undefined, {
      names: options.names,
      ranges: options.ttft,
    });
    print(diagnosis, options);
    if (fails(diagnosis, options.failOn)) process.exitCode = 1;
  } finally {
    progress.clear();
  }
}
