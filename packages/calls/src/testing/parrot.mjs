// A room participant that is not an agent: answers any speaker with a sound, PAUSE_MS after the end of the speech.
// Usage: node parrot.mjs ROOM PAUSE_MS, with LiveKit's environment variables. Prints `ready` when it has joined.
import { callerToken, INPUT_RATE_HZ, openRoomLine } from '@firstword/livekit';
import { systemClock } from '@firstword/turn';

const [room, pauseMs] = [process.argv[2], Number(process.argv[3])];
const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = process.env;
const FRAME_MS = 20;
const ANSWER_MS = 1000;
/** RMS threshold for speech, of full scale 32,768; the caller's room noise is far below. */
const LOUD = 600;

let lastLoudMs;
let answerSinceMs = Number.NEGATIVE_INFINITY;
const line = await openRoomLine({
  url,
  token: await callerToken({ apiKey, apiSecret, room, identity: 'parrot' }),
  clock: systemClock,
  onAgent: (startMs, samples, rateHz) => {
    const energy = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    if (Math.sqrt(energy) >= LOUD) lastLoudMs = startMs + (samples.length * 1000) / rateHz;
  },
  onGone: () => process.exit(),
});

/** Amplitude-modulated like speech: a steady tone would be detected as hum. */
const sound = (atMs) =>
  Math.round(6000 * (0.6 - 0.4 * Math.cos((atMs / 1000) * 8 * Math.PI)) * Math.sin((atMs / 1000) * 1130));

const beganMs = systemClock.nowMs();
let sentMs = 0;
setInterval(() => {
  for (; beganMs + sentMs < systemClock.nowMs(); sentMs += FRAME_MS) {
    const nowMs = beganMs + sentMs;
    if (lastLoudMs !== undefined && nowMs - lastLoudMs >= pauseMs) {
      lastLoudMs = undefined;
      answerSinceMs = nowMs;
    }
    const answering = nowMs - answerSinceMs < ANSWER_MS;
    const frame = Int16Array.from({ length: (INPUT_RATE_HZ * FRAME_MS) / 1000 }, (_, i) =>
      answering ? sound(nowMs - answerSinceMs + (i * 1000) / INPUT_RATE_HZ) : 0,
    );
    line.send(frame);
  }
}, FRAME_MS / 2);
process.stdout.write('ready\n');
