import { type CompareCall, type SpokenCall, synthesizeCall } from '@firstword/calls';
import { fliteTts } from '@firstword/local';

/** Synthesizes the lines of every call, one voice after another, so that only one TTS worker runs at a time. */
export async function speakCalls(
  calls: readonly CompareCall[],
  options: { signal?: AbortSignal } = {},
): Promise<SpokenCall[]> {
  const spoken = new Map<string, SpokenCall>();
  for (const name of new Set(calls.map((call) => call.voice))) {
    const voice = fliteTts({ voice: name });
    try {
      for (const call of calls.filter((c) => c.voice === name)) {
        spoken.set(call.id, {
          ...call,
          clips: await synthesizeCall({ lines: call.lines, voice, ...options }),
        });
      }
    } finally {
      await voice.close();
    }
  }
  return calls.map((call) => spoken.get(call.id)!);
}
