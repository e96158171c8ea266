import { callLines, type PlayedAgent, playCall, synthesizeCall } from '@firstword/calls';
import {
  type AgentCall,
  type CallEvents,
  type CallLevers,
  type PlayoutSink,
  type RealtimeCallParts,
  startCall,
} from '@firstword/livekit';
import type { LanguageModel } from '@firstword/llm';
import { systemClock } from '@firstword/turn';
import { APOLOGY, FILLER, GREETING, INSTRUCTIONS } from '../receptionist.js';
import type { SpeechEngines } from '../speech-engines.js';

/** Options of a call held on the page. */
export interface PageCallOptions {
  callId: string;
  speech: SpeechEngines;
  llm: LanguageModel;
  /** A realtime model that hears the caller, and answers unless the LLM does. */
  realtime?: RealtimeCallParts;
  seed: number;
  transcripts: boolean;
  levers: CallLevers;
  events: CallEvents;
  /** Sends agent audio of an answer to the page. */
  playAgent(samples: Int16Array, answer: number): void;
  /** Sends the sample caller's audio to the page. */
  playSampleCaller(samples: Int16Array): void;
  /** Makes the page drop agent audio that has not been played. */
  clear(): void;
}

/** A running call of a page. */
export interface PageCall {
  /** Takes a microphone frame: mono 16 kHz, with the capture time of its first sample (process clock, ms). */
  mic(samples: Int16Array, capturedAtMs: number): void;
  /** Reports when the page played the first audible sample of an answer (process clock, ms). */
  heard(answer: number, atMs: number): void;
  /** Switches the levers between two turns; `events.onLevers` is called when they have changed. */
  useLevers(levers: CallLevers): void;
  /** Resolves with the reason when the call has ended by itself; never for a call that only the page ends. */
  over: Promise<string>;
  /** Ends the call; resolves when everything it started has stopped. */
  close(): Promise<void>;
}

const agentOf = ({
  speech,
  llm,
  realtime,
  levers,
}: PageCallOptions): PlayedAgent & { levers: CallLevers } => ({
  stt: speech.stt,
  tts: speech.agentTts,
  llm,
  realtime,
  instructions: INSTRUCTIONS,
  greeting: GREETING,
  apology: APOLOGY,
  phrases: speech.phrases,
  filler: FILLER,
  levers,
});

/** Starts a call with the page's microphone as the caller. */
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

/** Starts the sample call: the scripted caller runs in this process and the page only plays both sides. */
export async function startSampleCall(options: PageCallOptions): Promise<PageCall> {
  const { callId, speech, seed, transcripts, events } = options;
  const controller = new AbortController();
  const clips = await synthesizeCall({ lines: callLines({ seed }), voice: speech.callerTts });
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
