import { CALLER_RATE_HZ, type Clip, roomTone, ScriptRecognizer } from '@firstword/calls';
import { startSpeechEmulator } from '@firstword/emulator/speech';
import { EagerSTT, lowLatency, type SpeechServices } from '@firstword/livekit';
import { systemClock } from '@firstword/turn';
import { stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';

const { SpeechEventType: Type } = stt;
const FRAME_MS = 20;
const FRAME_SAMPLES = (CALLER_RATE_HZ * FRAME_MS) / 1000;
const BEFORE_MS = 400;
/** The slowest final of the profiles comes within this time. */
const AFTER_MS = 2_500;

/** One way to set an STT. */
export interface SttSetting {
  name: string;
  open(services: SpeechServices): Promise<stt.STT>;
  /** Used as in a session of Firstword, with the settings that it chooses; otherwise as LiveKit uses it. */
  wrapped: boolean;
}

/** How long after the last sample of a line something came, ms. */
export interface SttDelays {
  /** A transcript with all words on which an answer can start: preflight or final. */
  wholeMs: number[];
  finalMs: number[];
}

const wordCount = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

/** Plays lines to an STT in real time, one after the other, as a session would hear them. */
export async function sttDelays(
  variant: SttSetting,
  options: { clips: readonly Clip[]; seed: number },
): Promise<SttDelays> {
  const script = new ScriptRecognizer(systemClock);
  const emulator = await startSpeechEmulator({ recognizer: script, seed: options.seed });
  const services = { origin: emulator.origin, inferenceUrl: emulator.url, apiKey: 'emulated' };
  const part = await variant.open(services);
  const used = variant.wrapped ? (lowLatency({ stt: part }).stt as stt.STT) : part;
  const delays: SttDelays = { wholeMs: [], finalMs: [] };
  const stream = used.stream();
  let line: { words: number; endedMs: number; heard: number; isWhole: boolean; isFinal: boolean } | undefined;
  const reading = (async () => {
    for await (const { type, alternatives } of stream) {
      if (!line || (type !== Type.PREFLIGHT_TRANSCRIPT && type !== Type.FINAL_TRANSCRIPT)) continue;
      const heard = line.heard + wordCount(alternatives?.[0]?.text ?? '');
      const lateMs = systemClock.nowMs() - line.endedMs;
      if (type === Type.FINAL_TRANSCRIPT) line.heard = heard;
      if (heard < line.words) continue;
      if (!line.isWhole) delays.wholeMs.push(lateMs);
      if (type === Type.FINAL_TRANSCRIPT && !line.isFinal) delays.finalMs.push(lateMs);
      line.isWhole = true;
      line.isFinal ||= type === Type.FINAL_TRANSCRIPT;
    }
  })();
  const room = roomTone(options.seed);
  let atMs = systemClock.nowMs();
  const play = async (samples: Int16Array) => {
    for (let from = 0; from + FRAME_SAMPLES <= samples.length; from += FRAME_SAMPLES) {
      atMs += FRAME_MS;
      const waitMs = atMs - systemClock.nowMs();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      stream.pushFrame(
        new AudioFrame(samples.slice(from, from + FRAME_SAMPLES), CALLER_RATE_HZ, 1, FRAME_SAMPLES),
      );
    }
  };
  const quiet = (ms: number) => room((CALLER_RATE_HZ * ms) / 1000);
  for (const { samples, words = [] } of options.clips) {
    await play(quiet(BEFORE_MS));
    script.beginLine(words, atMs);
    const endedMs = atMs + (samples.length * 1000) / CALLER_RATE_HZ;
    line = { words: words.length, endedMs, heard: 0, isWhole: false, isFinal: false };
    await play(room(samples.length).map((sample, index) => sample + samples[index]!));
    await play(quiet(AFTER_MS));
    if (used instanceof EagerSTT) used.speculator.commit(true);
  }
  stream.close();
  await reading;
  await emulator.close();
  return delays;
}
