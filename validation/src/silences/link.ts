import { callerToken, openRoomLine, PacedAudioOutput, PushAudioInput } from '@firstword/livekit';
import { systemClock } from '@firstword/turn';
import type { voice } from '@livekit/agents';
import { Room } from '@livekit/rtc-node';
import type { SoundTape } from './tape.js';

/** From the LLM's first words to the first sound of a new answer at least, ms: the TTS alone takes as long. */
const TTS_MS = 100;

/** How a caller and an agent hear each other. */
export interface CallLink {
  /** Starts the session. */
  start(session: voice.AgentSession, agent: voice.Agent): Promise<void>;
  /** The caller's audio, mono 16 kHz. */
  push(samples: Int16Array, atMs: number): void;
  close(): Promise<void>;
}

/** In this process: the tape has what the agent sends. */
export function directLink(tape: SoundTape): CallLink {
  const input = new PushAudioInput();
  const output = new PacedAudioOutput({
    sink: { play: (...chunk) => tape.play(...chunk), clear: () => tape.clear() },
  });
  return {
    async start(session, agent) {
      session.input.audio = input;
      session.output.audio = output;
      await session.start({ agent });
    },
    push: (samples, atMs) => input.push(samples, atMs),
    async close() {
      output.close();
    },
  };
}

/** Where a LiveKit server is, and when its agent's LLM began each answer: the audio of a room has no numbers. */
export interface RoomLinkOptions {
  url: string;
  tape: SoundTape;
  answersFromMs(): number[];
}

/**
 * Through a room of a server in development mode (`livekit-server --dev`): the tape has what the caller hears, after WebRTC's jitter
 * buffer.
 */
export async function roomLink({ url, tape, answersFromMs }: RoomLinkOptions): Promise<CallLink> {
  const room = `barge-in-${Math.random().toString(36).slice(2)}`;
  const keys = { apiKey: 'devkey', apiSecret: 'secret', room };
  const agentRoom = new Room();
  await agentRoom.connect(url, await callerToken({ ...keys, identity: 'agent' }), {
    autoSubscribe: true,
    dynacast: false,
  });
  const line = await openRoomLine({
    url,
    token: await callerToken({ ...keys, identity: 'caller' }),
    clock: systemClock,
    onAgent: (atMs, samples, rateHz) => {
      const answer = answersFromMs().filter((fromMs) => fromMs + TTS_MS <= atMs).length;
      tape.play(samples, atMs, answer, rateHz);
    },
    onGone: () => {},
  });
  return {
    async start(session, agent) {
      await session.start({ agent, room: agentRoom });
      await line.agentCame({ withinMs: 10_000 });
    },
    push: (samples) => line.send(samples),
    async close() {
      await line.close();
      await agentRoom.disconnect();
    },
  };
}
