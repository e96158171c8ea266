import { type SpeechFaultPlan, startSpeechEmulator } from '@firstword/emulator/speech';
import { ClauseTTS, type SpeechServices } from '@firstword/livekit';
import { systemClock } from '@firstword/turn';
import { tts } from '@livekit/agents';

/** One way to set or use a TTS. */
export interface TtsSetting {
  name: string;
  open(services: SpeechServices): Promise<tts.TTS>;
  /** Firstword's wrapper is between. */
  wrapped: boolean;
  /** Cancel an answer before each one that is measured, as a superseded speculation is cancelled. */
  cancelFirst?: boolean;
  faults?: SpeechFaultPlan;
}

const CONN = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 10_000 };
/** Between a cancelled answer and the next, and between answers. */
const PAUSE_MS = 400;
/** A token of the LLM every 12 ms: about 80 a second. */
const TOKEN_MS = 12;
const ANSWER =
  'We are open until ten tonight, and on Fridays and Saturdays until eleven. Can I book you a table?';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Time from the first clause's last word to the first audio of the answer, for each of several answers, ms. */
export async function firstAudioMs(
  variant: TtsSetting,
  options: { answers: number; seed: number },
): Promise<number[]> {
  const emulator = await startSpeechEmulator({
    seed: options.seed,
    ...(variant.faults ? { speechFaults: variant.faults } : {}),
  });
  const inner = await variant.open({
    origin: emulator.origin,
    inferenceUrl: emulator.url,
    apiKey: 'emulated',
  });
  const used = variant.wrapped ? new ClauseTTS(inner) : inner;
  const delays: number[] = [];
  try {
    await speak(used);
    for (let answer = 0; answer < options.answers; answer += 1) {
      await pause(PAUSE_MS);
      if (variant.cancelFirst) await cancelled(used);
      delays.push(await speak(used));
    }
  } finally {
    await used.close();
    await emulator.close();
  }
  return delays;
}

/** Begins an answer and cancels it at its first audio. */
async function cancelled(voice: tts.TTS): Promise<void> {
  const stream = voice.stream({ connOptions: CONN });
  stream.pushText(ANSWER);
  stream.endInput();
  for await (const _ of stream) break;
  stream.close();
  await pause(PAUSE_MS);
}

async function speak(voice: tts.TTS): Promise<number> {
  const stream = voice.stream({ connOptions: CONN });
  let clauseMs: number | undefined;
  const writing = (async () => {
    for (const token of ANSWER.split(/(?<= )/)) {
      await pause(TOKEN_MS);
      stream.pushText(token);
      if (token.startsWith('tonight')) clauseMs = systemClock.nowMs();
    }
    stream.endInput();
  })();
  let firstMs: number | undefined;
  for await (const event of stream) {
    if (event === tts.SynthesizeStream.END_OF_STREAM) continue;
    // −50 dBFS: leading silence is no audio that a caller hears.
    if (event.frame.data.some((sample) => Math.abs(sample) > 104)) firstMs ??= systemClock.nowMs();
  }
  await writing;
  stream.close();
  return firstMs! - clauseMs!;
}
