import type { Random } from '@firstword/turn/statistics';
import { printedDelays, type WildCall, type WildTurn } from './call.js';
import { hexDigits } from './draw.js';
import { pythonNote } from './python-notes.js';
import { type LogRecord, seconds } from './record.js';

/** Two decimals, as the messages of 0.12 print them. */
const two = (ms: number) => seconds(ms).toFixed(2);

function turnRecords(call: WildCall, turn: WildTurn, random: Random, pid: number): LogRecord[] {
  const sequence = hexDigits(random, 12);
  const add = (afterMs: number, message: string): LogRecord => ({
    atMs: turn.endedAtMs + afterMs,
    level: 'info',
    logger: 'livekit.agents',
    message,
    extra: { pid, job_id: call.job },
  });
  const records: LogRecord[] = turn.notes
    .filter(({ kind }) => kind !== 'speculation used' && kind !== 'speculation discarded')
    .map((one) => ({
      ...pythonNote(call, one, random),
      atMs: turn.endedAtMs + one.afterMs,
    }));
  const { endOfTurnMs, transcriptionMs } = printedDelays(turn);
  records.push(
    add(
      turn.endOfTurnMs,
      `Pipeline EOU metrics: sequence_id=${sequence}, end_of_utterance_delay=${two(endOfTurnMs)}, transcription_delay=${two(transcriptionMs)}`,
    ),
  );
  for (const { ttftMs, afterMs, durationMs, promptTokens, completionTokens } of turn.requests)
    if (ttftMs >= 0)
      records.push(
        add(
          afterMs + durationMs,
          `Pipeline LLM metrics: sequence_id=${sequence}, ttft=${two(ttftMs)}, input_tokens=${promptTokens}, output_tokens=${completionTokens}, tokens_per_second=${((1000 * completionTokens) / durationMs).toFixed(2)}`,
        ),
      );
  if (!turn.isFailed)
    records.push(
      add(
        turn.e2eMs + 900,
        `Pipeline TTS metrics: sequence_id=${sequence}, ttfb=${seconds(turn.ttfbMs)}, audio_duration=${(turn.answer.length * 0.062).toFixed(2)}`,
      ),
    );
  return records;
}

/** What a call leaves in the log of LiveKit Agents 0.12 for Python, whose figures are in the message. */
export function oldPythonRecords(call: WildCall, random: Random): LogRecord[] {
  const pid = random.integer(18, 90_000);
  return call.turns.flatMap((turn) => turnRecords(call, turn, random, pid)).sort((a, b) => a.atMs - b.atMs);
}
