import { type Clock, FirstwordError } from '@firstword/turn';
import {
  AudioSource,
  AudioStream,
  dispose,
  LocalAudioTrack,
  type RemoteParticipant,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { INPUT_RATE_HZ } from '../audio-input.js';
import { StreamClock } from '../stream-clock.js';
import { type LinkStats, linkStats } from './link-stats.js';
import { speakInto } from './microphone.js';

/** Default sample rate of the audio that the caller hears, Hz: that of Opus, so no resampling. */
const HEARD_RATE_HZ = 48_000;
const HEARD_FRAME_MS = 10;
/** A JSON Web Token, which begins with an encoded `{"`. */
const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** Options of `openRoomLine`. */
export interface RoomLineOptions {
  /** The server's address, `ws://` or `wss://`. */
  url: string;
  /** Access token with the rights to publish and to subscribe. */
  token: string;
  clock: Clock;
  /** Sample rate of the audio that the caller hears, Hz. Default 48,000; 8,000 is a telephone. */
  heardRateHz?: number;
  /** The caller is in the room: clock, ms. */
  onJoined?(atMs: number): void;
  /** The agent's audio after WebRTC's jitter buffer, mono. `startMs` is the time of the first sample. */
  onAgent(startMs: number, samples: Int16Array, rateHz: number): void;
  /** The agent has left, or the connection was lost. */
  onGone(why: string): void;
}

/** A caller's connection to a room. */
export interface RoomLine {
  /**
   * Sends one frame, mono 16 kHz.
   * @param isPause the frame is silent: it may be dropped, so that later frames are on time again
   */
  send(frame: Int16Array, isPause?: boolean): void;
  /**
   * Resolves with the identity of the first other participant that publishes audio.
   * @throws FirstwordError `timeout` if nobody does, `aborted` if stopped
   */
  agentCame(options: { withinMs: number; signal?: AbortSignal }): Promise<string>;
  /** WebRTC's statistics of the connection; `undefined` if there are none. */
  link(): Promise<LinkStats | undefined>;
  close(): Promise<void>;
}

class RtcLine implements RoomLine {
  readonly #options: RoomLineOptions;
  readonly #room = new Room();
  readonly #source = new AudioSource(INPUT_RATE_HZ, 1);
  #came: ((identity: string) => void) | undefined;
  #agent: string | undefined;
  #closed = false;

  constructor(options: RoomLineOptions) {
    this.#options = options;
    const { onGone } = options;
    this.#room.on(RoomEvent.TrackSubscribed, (track, _publication, participant) =>
      this.#hear(track, participant),
    );
    this.#room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
      if (identity === this.#agent && !this.#closed) onGone('the agent left the room');
    });
    this.#room.on(RoomEvent.Disconnected, () => {
      if (!this.#closed) onGone('the connection to the room was lost');
    });
  }

  async open(): Promise<void> {
    const { url, token } = this.#options;
    try {
      await this.#room.connect(url, token, { autoSubscribe: true, dynacast: false });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      // The server's message may contain the rejected token, which is a secret.
      const why = reason.replaceAll(TOKEN, '(the token)');
      const message = `cannot join the room at ${url}: ${why}. Check the address, the key and the secret`;
      throw new FirstwordError('connect_failed', message, { cause: new Error(why) });
    }
    this.#options.onJoined?.(this.#options.clock.nowMs());
    const track = LocalAudioTrack.createAudioTrack('caller', this.#source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: false });
    await this.#room.localParticipant!.publishTrack(track, options);
  }

  send(frame: Int16Array, isPause = false): void {
    if (!this.#closed) speakInto(this.#source, frame, isPause);
  }

  agentCame(options: { withinMs: number; signal?: AbortSignal }): Promise<string> {
    const { withinMs, signal } = options;
    if (this.#agent !== undefined) return Promise.resolve(this.#agent);
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        cancel();
        signal?.removeEventListener('abort', stop);
        this.#came = undefined;
        end();
      };
      const message = `no agent joined the room within ${Math.round(withinMs / 1000)} s: is an agent registered with this server (firstword agent dev)? Does it need --agent-name?`;
      const cancel = this.#options.clock.schedule(withinMs, () =>
        settle(() => reject(new FirstwordError('timeout', message))),
      );
      const stop = () => settle(() => reject(new FirstwordError('aborted', 'stopped before an agent came')));
      this.#came = (identity) => settle(() => resolve(identity));
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted) stop();
    });
  }

  link(): Promise<LinkStats | undefined> {
    return linkStats(this.#room);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#room.disconnect();
    await this.#source.close();
  }

  #hear(track: RemoteTrack, participant: RemoteParticipant): void {
    if (track.kind !== TrackKind.KIND_AUDIO || this.#agent !== undefined) return;
    this.#agent = participant.identity;
    this.#listen(track).catch((error) => {
      if (!this.#closed) this.#options.onGone(`the agent's audio broke off: ${error}`);
    });
    this.#came?.(participant.identity);
  }

  async #listen(track: RemoteTrack): Promise<void> {
    const { clock, onAgent, heardRateHz = HEARD_RATE_HZ } = this.#options;
    const stream = new StreamClock();
    const frames = new AudioStream(track, {
      sampleRate: heardRateHz,
      numChannels: 1,
      frameSizeMs: HEARD_FRAME_MS,
    });
    for await (const { data } of frames) {
      if (this.#closed) return;
      onAgent(stream.next(clock.nowMs(), data.length, heardRateHz), data, heardRateHz);
    }
  }
}

/**
 * Joins a room as a caller with a microphone.
 * @throws FirstwordError `connect_failed` if the server cannot be reached or rejects the token
 */
export async function openRoomLine(options: RoomLineOptions): Promise<RoomLine> {
  const line = new RtcLine(options);
  try {
    await line.open();
  } catch (error) {
    await line.close();
    throw error;
  }
  return line;
}

/** Shuts down WebRTC, which otherwise keeps the process alive. No line may be open then or be opened afterwards. */
export async function closeRooms(): Promise<void> {
  await dispose();
}
