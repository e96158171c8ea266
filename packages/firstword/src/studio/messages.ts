import { FirstwordError } from '@firstword/turn';
import { z } from 'zod';
import { AUDIO, AUDIO_HEADER_BYTES, LEVERS, type LeverName, type PageMessage } from './protocol.js';

const pageMs = z.number().min(0).max(1e12);

const levers = z.strictObject(
  Object.fromEntries(LEVERS.map((name) => [name, z.boolean()])) as Record<LeverName, z.ZodBoolean>,
);

const pageMessage: z.ZodType<PageMessage> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    mode: z.enum(['mic', 'sample']),
    profile: z.string().max(100).optional(),
    levers: levers.optional(),
  }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('profile'), name: z.string().max(100) }),
  z.object({ type: z.literal('levers'), levers }),
  z.object({ type: z.literal('clock'), atMs: pageMs }),
  z.object({ type: z.literal('heard'), answer: z.int().min(1), atMs: pageMs }),
]) as z.ZodType<PageMessage>;

/**
 * Parses a text message from the page.
 * @throws FirstwordError `bad_input` if it is not a message of the protocol
 */
export function parsePageMessage(text: string): PageMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FirstwordError('bad_input', 'The page sent text that is not JSON. Reload the page.', { cause });
  }
  const result = pageMessage.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new FirstwordError(
    'bad_input',
    `The page sent a message this server does not know (${path.join('.') || 'type'}: ${message}). Reload the page.`,
  );
}

/** Ten times the size of the frames that the page sends. Anything longer is rejected. */
const MAX_MIC_SAMPLES = 3200;

/**
 * Parses a microphone frame: page time of its first sample (ms) and mono 16 kHz samples.
 * @throws FirstwordError `bad_input` if it is not a microphone frame
 */
export function parseMicFrame(data: Buffer): { capturedAtMs: number; samples: Int16Array } {
  const body = data.length - AUDIO_HEADER_BYTES;
  if (data[0] !== AUDIO.mic || body <= 0 || body % 2 !== 0 || body / 2 > MAX_MIC_SAMPLES) {
    throw new FirstwordError(
      'bad_input',
      'The page sent audio that is not a microphone frame. Reload the page.',
    );
  }
  const capturedAtMs = data.readDoubleLE(8);
  if (!Number.isFinite(capturedAtMs) || capturedAtMs < 0) {
    throw new FirstwordError(
      'bad_input',
      'The page sent a microphone frame without a time. Reload the page.',
    );
  }
  // Copy: the bytes may be unaligned, and the socket reuses its buffer.
  const samples = new Int16Array(body / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = data.readInt16LE(AUDIO_HEADER_BYTES + i * 2);
  return { capturedAtMs, samples };
}

/** Builds an audio message for the page. `value` goes into the header: the answer's number for agent audio. */
export function audioMessage(kind: number, value: number, samples: Int16Array): Buffer {
  const message = Buffer.allocUnsafe(AUDIO_HEADER_BYTES + samples.length * 2);
  message.fill(0, 0, 8);
  message[0] = kind;
  message.writeDoubleLE(value, 8);
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).copy(message, AUDIO_HEADER_BYTES);
  return message;
}
