import type { StreamedAnswer } from './read-answer.js';

/** The answer of a healthy model. */
export interface HealthyAnswer {
  text: string;
  toolCalls: StreamedAnswer['toolCalls'];
}

/**
 * How an answer from behind a faulty primary ended.
 *
 * `whole`: the complete answer, in time. `continued`: words of the primary, continued by another model, and complete.
 * `told`: it breaks off after words were passed on, and the client is told so: by an error event, or by a finish reason
 * other than those of complete answers. `late`: complete, after the limit. `silent cut`: it breaks off and looks complete, or
 * just ends. `wrong`: other words. `failed`: no content, and an error. `nothing`: no content, no error, in time.
 */
export type FaultVerdict =
  | 'whole'
  | 'continued'
  | 'told'
  | 'late'
  | 'silent cut'
  | 'wrong'
  | 'failed'
  | 'nothing';

/** Finish reasons that say: this answer is complete. */
const COMPLETE = ['stop', 'tool_calls', 'end_turn', 'tool_use'];

const isWhole = (answer: StreamedAnswer, expected: HealthyAnswer) =>
  answer.text === expected.text &&
  JSON.stringify(answer.toolCalls) === JSON.stringify(expected.toolCalls) &&
  answer.error === undefined &&
  COMPLETE.includes(answer.finishReason ?? '');

/**
 * Judges one answer.
 * @param options.limitMs a whole answer is in time up to here, ms from the request
 */
export function faultVerdict(
  answer: StreamedAnswer,
  expected: HealthyAnswer,
  options: { limitMs: number },
): FaultVerdict {
  if (isWhole(answer, expected)) return answer.totalMs <= options.limitMs ? 'whole' : 'late';
  const isEmpty = answer.text === '' && answer.toolCalls.length === 0;
  if (isEmpty) return answer.error === undefined ? 'nothing' : 'failed';
  const saysBroken =
    answer.error !== undefined ||
    (answer.finishReason !== undefined && !COMPLETE.includes(answer.finishReason));
  if (saysBroken) return 'told';
  const isBeginning = expected.text.startsWith(answer.text) && answer.text.length < expected.text.length;
  if (answer.finishReason === undefined || isBeginning || hasBrokenTool(answer)) return 'silent cut';
  return sharesBeginning(answer.text, expected.text) ? 'continued' : 'wrong';
}

function hasBrokenTool({ toolCalls }: StreamedAnswer): boolean {
  return toolCalls.some((call) => {
    try {
      JSON.parse(call.arguments);
      return false;
    } catch {
      return true;
    }
  });
}

/** Characters of the first model's words that a continued answer must begin with. */
const SHARED_CHARACTERS = 20;

const sharesBeginning = (text: string, expected: string) =>
  text.slice(0, SHARED_CHARACTERS) === expected.slice(0, SHARED_CHARACTERS);

/** Verdicts that the target accepts: whole in time, or honest about what was already passed on. */
export const isAccepted = (verdict: FaultVerdict): boolean =>
  verdict === 'whole' || verdict === 'continued' || verdict === 'told';
