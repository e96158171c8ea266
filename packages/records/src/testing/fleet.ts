import type { Marks, TurnRecord } from '@firstword/turn';
import { CASCADE_MARKS, turnRecord } from './turn.js';

const MODELS = [
  ['groq', 'gpt-oss-120b'],
  ['openai', 'gpt-4o-mini'],
] as const;
const DAY_MS = 86_400_000;

/** A cascade with a felt gap of `gapMs`. */
export function marksOfGap(gapMs: number): Marks {
  return { ...CASCADE_MARKS, firstAudible: CASCADE_MARKS.speechEnded! + gapMs };
}

/** Turns of several calls, models, days and kinds; gaps start at 800 ms and grow by 1 ms per turn. */
export function fleet(count: number, firstMs = 800): TurnRecord[] {
  return Array.from({ length: count }, (_, at) => {
    const [provider, model] = MODELS[at % MODELS.length]!;
    return turnRecord({
      callId: `call-${Math.floor(at / 10)}`,
      turn: (at % 10) + 1,
      at: new Date(Date.UTC(2026, 10, 1) + (at * 4 * DAY_MS) / count).toISOString(),
      marks: marksOfGap(firstMs + at),
      toolCalls: at % 7 === 3 ? 1 : 0,
      bargeIn: at % 11 === 5,
      llm: {
        provider,
        model,
        emulated: at % 2 === 0,
        requests: 1,
        ...(at % 2 === 0 ? { region: 'eu' } : {}),
      },
      ...(at % 3 === 0 ? {} : { levers: { speculation: at % 3 === 1, clause: at % 3 === 1 } }),
    });
  });
}

/** Records as the lines of a file. */
export const linesOf = (records: readonly TurnRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
