import { CALLER_RATE_HZ, roomTone } from '@firstword/calls';
import {
  AGENT_RATE_HZ,
  AUDIO,
  AUDIO_HEADER_BYTES,
  type PageMessage,
  type ServerMessage,
} from 'firstword/studio-protocol';
import { WebSocket } from 'ws';
import { Log } from './log.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = (CALLER_RATE_HZ * FRAME_MS) / 1000;
/** Sample amplitude above which audio counts as speech. */
const AUDIBLE = 300;
const AGENT_BYTES_PER_MS = (AGENT_RATE_HZ * 2) / 1000;

/** Opens a socket to the studio with the page's origin or another one; resolves when it is open. */
export function openSocket(studioUrl: string, origin = new URL(studioUrl).origin): Promise<WebSocket> {
  const socket = new WebSocket(new URL('talk', studioUrl.replace(/^http/, 'ws')), { origin });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Resolves with the close code of a socket. */
export function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}

function micFrame(atMs: number, samples: Int16Array): Buffer {
  const frame = Buffer.alloc(AUDIO_HEADER_BYTES + samples.length * 2);
  frame[0] = AUDIO.mic;
  frame.writeDoubleLE(atMs, 8);
  for (const [i, sample] of samples.entries()) frame.writeInt16LE(sample, AUDIO_HEADER_BYTES + i * 2);
  return frame;
}

/** Largest amplitude of every fourth sample. */
function peakOf(audio: Buffer): number {
  let peak = 0;
  for (let at = AUDIO_HEADER_BYTES; at + 1 < audio.length; at += 8)
    peak = Math.max(peak, Math.abs(audio.readInt16LE(at)));
  return peak;
}

/** A microphone call to the studio without a browser: sends room noise, and clips on request. */
export class Talker {
  readonly messages = new Log<ServerMessage>();
  /** Duration of the received agent audio without silence, ms. */
  voiceMs = 0;
  readonly #socket: WebSocket;
  readonly #room = roomTone(1);
  readonly #startedMs = performance.now();
  #sentFrames = 0;
  #clip = new Int16Array(0);
  #onSaid = () => {};
  #timer: NodeJS.Timeout | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.messages.add(JSON.parse(data.toString()) as ServerMessage);
      else if (data[0] === AUDIO.agent && peakOf(data) > AUDIBLE) {
        this.voiceMs += (data.length - AUDIO_HEADER_BYTES) / AGENT_BYTES_PER_MS;
      }
    });
    socket.on('close', (code) => {
      clearInterval(this.#timer);
      this.messages.end(`The studio closed the socket with ${code}.`);
    });
  }

  static async connect(studioUrl: string): Promise<Talker> {
    return new Talker(await openSocket(studioUrl));
  }

  send(message: PageMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  /** Sends arbitrary text or bytes. */
  sendRaw(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** Starts a microphone call and waits for the end of the greeting. */
  async call(): Promise<void> {
    this.send({ type: 'start', mode: 'mic' });
    await this.messages.until('live call', (m) => m.type === 'session' && m.state === 'live');
    this.#timer = setInterval(() => this.#sendDue(), FRAME_MS);
    await this.answer(0);
  }

  /** Sends a clip in real time; resolves when its last sample has been sent. */
  say(clip: Int16Array): Promise<void> {
    this.#clip = Int16Array.from(clip);
    return new Promise((resolve) => {
      this.#onSaid = resolve;
    });
  }

  /** Waits until the agent has spoken and finished, considering messages from index `from` on. */
  async answer(from: number): Promise<void> {
    const isState = (state: string) => (m: ServerMessage) => m.type === 'agentState' && m.state === state;
    const spoke = await this.messages.until('agent speaking', isState('speaking'), { from });
    const after = this.messages.all.indexOf(spoke) + 1;
    await this.messages.until('end of the answer', isState('listening'), { from: after });
  }

  /** Waits for the final transcript of one side, considering messages from index `from` on. */
  async words(who: 'caller' | 'agent', from: number): Promise<string> {
    const isFinal = (m: ServerMessage) => m.type === 'transcript' && m.who === who && m.kind === 'final';
    const message = await this.messages.until(`final words of the ${who}`, isFinal, { from });
    return message.type === 'transcript' ? message.text : '';
  }

  /** Waits for the next error message. */
  async problem(from: number): Promise<{ code: string; message: string }> {
    const message = await this.messages.until('error', (m) => m.type === 'error', { from });
    return message as Extract<ServerMessage, { type: 'error' }>;
  }

  /** Index of the next message, to wait only for later messages. */
  get mark(): number {
    return this.messages.all.length;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  /** Sends all frames that a microphone would have captured so far. */
  #sendDue(): void {
    const nowMs = performance.now();
    while (this.#startedMs + (this.#sentFrames + 1) * FRAME_MS <= nowMs) {
      const room = this.#room(FRAME_SAMPLES);
      const said = this.#clip.subarray(0, FRAME_SAMPLES);
      const mixed = room.map((sample, i) => sample + (said[i] ?? 0));
      this.#socket.send(micFrame(this.#sentFrames++ * FRAME_MS, mixed));
      if (said.length === 0) continue;
      this.#clip = this.#clip.slice(FRAME_SAMPLES);
      if (this.#clip.length === 0) this.#onSaid();
    }
  }
}
