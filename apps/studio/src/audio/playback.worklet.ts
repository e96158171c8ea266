import { AGENT_RATE_HZ, MIC_RATE_HZ } from '../protocol.js';
import type { Speaker } from '../state/state.js';
import { JitterBuffer, type PullResult } from './jitter-buffer.js';
import { fromPcm16, rmsOf } from './pcm.js';
import { Resampler } from './resampler.js';
import { type FromPlayback, PLAYBACK_PROCESSOR, type ToPlayback } from './worklet-messages.js';

const PROGRESS_INTERVAL_SAMPLES = sampleRate / 20;

/** Resampling, buffering and level of one voice. */
class VoiceTrack {
  readonly #resampler: Resampler;
  readonly #buffer = new JitterBuffer({ rateHz: sampleRate });
  /** Highest RMS of a block since the last progress message. */
  peakRms = 0;
  playedSamples = 0;

  constructor(rateHz: number) {
    this.#resampler = new Resampler({ fromHz: rateHz, toHz: sampleRate });
  }

  push(pcm: Int16Array, answer: number): void {
    this.#buffer.push(this.#resampler.push(fromPcm16(pcm)), answer);
  }

  clear(): void {
    this.#buffer.clear();
    this.#resampler.reset();
  }

  reset(): void {
    this.#buffer.reset();
    this.#resampler.reset();
  }

  pull(block: Float32Array): PullResult {
    const pulled = this.#buffer.pull(block);
    this.playedSamples += pulled.playedSamples;
    this.peakRms = Math.max(this.peakRms, rmsOf(block));
    return pulled;
  }
}

/** Runs on the audio thread: plays the agent and the sample call's caller, and reports when an answer becomes audible. */
class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #voices: Record<Speaker, VoiceTrack> = {
    agent: new VoiceTrack(AGENT_RATE_HZ),
    caller: new VoiceTrack(MIC_RATE_HZ),
  };
  #block = new Float32Array(128);
  #sinceProgressSamples = 0;

  constructor() {
    super();
    this.port.onmessage = (event: MessageEvent<ToPlayback>) => this.#take(event.data);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const channels = outputs[0]!;
    const out = channels[0]!;
    if (this.#block.length !== out.length) this.#block = new Float32Array(out.length);
    const { firstAudible } = this.#voices.agent.pull(out);
    this.#voices.caller.pull(this.#block);
    for (let i = 0; i < out.length; i++) out[i]! += this.#block[i]!;
    for (const channel of channels.slice(1)) channel.set(out);
    for (const { answer, offset } of firstAudible)
      this.#post({ type: 'firstAudible', answer, atMs: this.#atMs(offset) });
    this.#postProgress(out.length);
    return true;
  }

  #take(message: ToPlayback): void {
    if (message.type === 'audio') {
      this.#voices[message.voice].push(message.pcm, message.answer);
      return;
    }
    if (message.type === 'clear') {
      this.#voices.agent.clear();
      return;
    }
    this.#voices.agent.reset();
    this.#voices.caller.reset();
  }

  #postProgress(blockSamples: number): void {
    this.#sinceProgressSamples += blockSamples;
    if (this.#sinceProgressSamples < PROGRESS_INTERVAL_SAMPLES) return;
    this.#sinceProgressSamples = 0;
    const { agent, caller } = this.#voices;
    this.#post({
      type: 'progress',
      agentRms: agent.peakRms,
      callerRms: caller.peakRms,
      agentPlayedMs: (agent.playedSamples * 1000) / sampleRate,
      atMs: this.#atMs(0),
    });
    agent.peakRms = 0;
    caller.peakRms = 0;
  }

  #atMs(offset: number): number {
    return ((currentFrame + offset) * 1000) / sampleRate;
  }

  #post(message: FromPlayback): void {
    this.port.postMessage(message);
  }
}

registerProcessor(PLAYBACK_PROCESSOR, PlaybackProcessor);
