import { CALLER_RATE_HZ, roomTone, synthesizeCall } from '@firstword/calls';
import { fliteTts, writeWav } from '@firstword/local';

/** Synthesizes sentences in the caller's voice: mono 16 kHz, without surrounding silence. */
export async function spokenByCaller(...sentences: string[]): Promise<Int16Array[]> {
  const voice = fliteTts({ voice: 'rms' });
  try {
    const lines = sentences.map((text) => ({ parts: [text], breathMs: 0 }));
    return (await synthesizeCall({ lines, voice })).map((clip) => clip.samples);
  } finally {
    await voice.close();
  }
}

/** A microphone recording as WAV: each clip after `quietS` seconds of room noise, and `endS` seconds at the end. */
export function micRecording(
  parts: readonly { quietS: number; clip: Int16Array }[],
  endS: number,
): Uint8Array {
  const room = roomTone(1);
  const samplesOf = (seconds: number) => Math.round(seconds * CALLER_RATE_HZ);
  const pieces: Int16Array[] = parts.map(({ quietS, clip }) => {
    const behind = room(samplesOf(quietS) + clip.length);
    return behind.map((sample, i) => sample + (clip[i - samplesOf(quietS)] ?? 0));
  });
  pieces.push(room(samplesOf(endS)));
  const all = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return writeWav({ sampleRateHz: CALLER_RATE_HZ, channels: [all] });
}
