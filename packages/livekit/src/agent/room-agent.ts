import type { LanguageModel } from '@firstword/llm';
import type { CallRecord, SpeechToText, TextToSpeech, TurnRecord } from '@firstword/turn';
import { systemClock, withDefaults } from '@firstword/turn';
import { defineAgent, type JobContext, voice } from '@livekit/agents';
import { ParticipantKind } from '@livekit/rtc-node';
import { assertSameCopy } from '../compatibility/same-copy.js';
import { loadLocalModels, timedPrewarm } from '../hello/warm-up.js';
import { FirstwordLLM } from '../llm/llm.js';
import { SessionObserver } from '../observe/observer.js';
import { DEFAULT_LEVERS, type Levers, NO_LEVERS } from '../session/levers.js';
import { attachLowLatency } from '../session/low-latency.js';
import { cascade } from '../session/preset.js';
import { LocalSTT } from '../stt/local-stt.js';
import type { CallTape } from '../transport/room/call-tape.js';
import { roomOptions } from '../transport/room/room-options.js';
import { watchRoom } from '../transport/room/watch-room.js';
import { LocalTTS } from '../tts/local-tts.js';
import type { PhraseCache } from '../tts/phrase-cache.js';
import { apologise } from './apologise.js';
import { cachedPhrases } from './cached-phrases.js';

/** An incoming call: LiveKit's job, and an id for its records. */
export interface RoomJob {
  readonly callId: string;
  readonly context: JobContext;
}

/** Options of `defineRoomAgent`. */
export interface RoomAgentOptions<Prewarmed> {
  /** Loads what takes long, in an idle process before a call arrives. */
  prewarm(): Promise<Prewarmed>;
  answer(job: RoomJob, prewarmed: Prewarmed): Promise<void>;
}

/** Defines a LiveKit agent, for the default export of its file, whose processes load the models before a call arrives. */
export function defineRoomAgent<Prewarmed>(
  options: RoomAgentOptions<Prewarmed>,
): ReturnType<typeof defineAgent<{ prewarmed: Prewarmed }>> {
  return defineAgent<{ prewarmed: Prewarmed }>({
    prewarm: async (proc) => {
      proc.userData.prewarmed = await timedPrewarm(() => {
        loadLocalModels();
        return options.prewarm();
      });
    },
    entry: (context) => options.answer({ callId: context.job.id, context }, context.proc.userData.prewarmed),
  });
}

/** Options of `answerRoom`. */
export interface AnswerRoomOptions {
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
  instructions: string;
  greeting?: string;
  /** Said when LLM or TTS fail a turn. Default: nothing. */
  apology?: string;
  /** Caches the audio of greeting and apology on disk. */
  phrases?: PhraseCache;
  transcripts?: boolean;
  /** Levers that differ from `DEFAULT_LEVERS`. Without this option all levers are off: LiveKit's defaults. */
  levers?: Partial<Levers>;
  /** Origin of the records' marks (and of a tape with this origin), system clock, ms. Default: now. */
  startedMs?: number;
  /** Records both sides' audio. Default: no recording. */
  tape?: CallTape | undefined;
  onTurn(record: TurnRecord, final: boolean): void;
  /** Called with the call's record, which has its time to hello. */
  onCall?(record: CallRecord): void;
  /** The call is over and its last record has been passed to `onTurn`. */
  onClose?(): Promise<void>;
}

/**
 * Answers the caller in a room with an ordinary `AgentSession`, says the greeting, and reports each turn's record until the
 * caller leaves. `transport` of the records is `telephone` for a SIP participant, else `room`.
 */
export async function answerRoom(job: RoomJob, options: AnswerRoomOptions): Promise<void> {
  const { context, callId } = job;
  assertSameCopy({ context });
  const startedMs = options.startedMs ?? systemClock.nowMs();
  await context.connect();
  const caller = await context.waitForParticipant();
  const levers = options.levers ? withDefaults(DEFAULT_LEVERS, options.levers) : NO_LEVERS;
  const model = new FirstwordLLM(options.llm);
  const session = new voice.AgentSession(
    cascade({
      stt: new LocalSTT(options.stt),
      llm: model,
      tts: new LocalTTS(options.tts),
      levers,
      ...cachedPhrases(options),
    }),
  );
  const detach = attachLowLatency(session);
  if (options.apology) apologise(session, model, options.apology);
  watchRoom(session, { tape: options.tape, ...(options.levers ? {} : { headStartMs: 0 }) });
  const observer = new SessionObserver({
    session,
    callId,
    callStartMs: startedMs,
    levers,
    transport: caller.kind === ParticipantKind.SIP ? 'telephone' : 'room',
    ...(options.transcripts === undefined ? {} : { transcripts: options.transcripts }),
    onTurn: options.onTurn,
    ...(options.onCall ? { onCall: options.onCall } : {}),
  });
  await session.start({
    agent: new voice.Agent({ instructions: options.instructions }),
    room: context.room,
    ...(options.levers ? roomOptions(session.tts) : {}),
  });
  context.addShutdownCallback(async () => {
    await session.close();
    detach();
    observer.close();
    await options.onClose?.();
  });
  // LiveKit closes the session when the caller leaves; that ends the job.
  session.once(voice.AgentSessionEventTypes.Close, ({ reason }) => context.shutdown(String(reason)));
  if (options.greeting) session.say(options.greeting);
}
