import { callLines, playCall, synthesizeCall } from '@firstword/calls';
import {
  type AgentCall,
  type CallEvents,
  type CallLevers,
  type PlayoutSink,
  startCall,
} from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { APOLOGY, FILLER, GREETING, INSTRUCTIONS } from '../receptionist.js';
import type { VoiceParts } from '../voice-parts.js';

/** What a call on the page needs. */
export interface PageCallOptions {
  callId: string;
  parts: VoiceParts;
  llm: LanguageModel;
  seed: number;
  transcripts: boolean;
  levers: CallLevers;
  events: CallEvents;
  /** Both voices, on their way to the page. */
  playAgent(samples: Int16Array, answer: number): void;
  playSampleCaller(samples: Int16Array): void;
  clear(): void;
}

/** A call that a page holds. */
export interface PageCall {
  /** A microphone frame: mono 16 kHz, and when its first sample was spoken (process clock, ms). */
  mic(samples: Int16Array, capturedAtMs: number): void;
  /** The page played the first audible sample of an answer (process clock, ms). */
  heard(answer: number, atMs: number): void;
  /** Switches the levers between two turns; `events.onLevers` tells when. */
  useLevers(levers: CallLevers): void;
  /** Resolves when the call has ended by itself, and why; never for a call that only the page ends. */
  over: Promise<string>;
  /** Ends it; resolves when everything it started has stopped. */
  close(): Promise<void>;
}

const agentOf = ({ parts, llm, levers }: PageCallOptions) => ({
  stt: parts.stt,
  tts: parts.agentVoice,
  llm,
  instructions: INSTRUCTIONS,
  greeting: GREETING,
  apology: APOLOGY,
  phrases: parts.phrases,
  filler: FILLER,
  levers,
});

/** Somebody talks into the page's microphone. */
export async function startMicCall(options: PageCallOptions): Promise<PageCall> {
  const sink: PlayoutSink = {
    play: (samples, _playAtMs, answer) => options.playAgent(samples, answer),
    clear: () => options.clear(),
  };
  let end = (_why: string) => {};
  const over = new Promise<string>((resolve) => {
    end = resolve;
  });
  const { callId, transcripts, events } = options;
  const call = await startCall({
    callId,
    ...agentOf(options),
    transcripts,
    sink,
    events: { ...events, onEnded: () => end('The call ended.') },
  });
  return {
    mic: (samples, capturedAtMs) => call.push(samples, capturedAtMs),
    heard: (answer, atMs) => call.callerHeard(answer, atMs),
    useLevers: (levers) => call.setLevers(levers),
    over,
    close: () => call.close(),
  };
}

/** The sample caller talks here, beside the agent; the page listens along, so what it heard is not the caller's ear. */
export async function startSampleCall(options: PageCallOptions): Promise<PageCall> {
  const { callId, parts, seed, transcripts, events } = options;
  const controller = new AbortController();
  const clips = await synthesizeCall({ lines: callLines({ seed }), voice: parts.callerVoice });
  let ended = 'The sample call was stopped.';
  let wanted: CallLevers | undefined;
  let call: Pick<AgentCall, 'setLevers'> | undefined;
  const playing = playCall({
    callId,
    agent: agentOf(options),
    clips,
    seed,
    transcripts,
    startedMs: systemClock.nowMs(),
    events: {
      ...events,
      onEnded: (why) => {
        ended = why;
        controller.abort();
      },
    },
    listen: { caller: options.playSampleCaller, agent: options.playAgent, clear: options.clear },
    onCall: (up) => {
      call = up;
      if (wanted) up.setLevers(wanted);
    },
    signal: controller.signal,
  });
  return {
    mic: () => {},
    heard: () => {},
    useLevers: (levers) => {
      wanted = levers;
      call?.setLevers(levers);
    },
    over: playing.then(({ stopped }) => (stopped ? ended : 'The sample call is over.')),
    close: async () => {
      controller.abort();
      await playing;
    },
  };
}
