import { llm, tts, type voice } from '@livekit/agents';
import { FirstwordLLM } from '../llm/llm.js';
import { SessionObserver } from '../observe/observer.js';
import { isolated } from '../observe/user-callback.js';
import { AgentSession } from '../session/agent-session.js';
import { emptyLearnedState } from '../session/learned-state.js';
import { speaksItself } from '../session/realtime-parts.js';
import { LocalTTS } from '../tts/local-tts.js';
import { cachedPhrases } from './cached-phrases.js';
import type { RealtimeCallParts, StartCallOptions } from './call-options.js';
import { type CallSessionOptions, type OpenCallSession, relay } from './call-session.js';
import { LiveTranscriptAgent } from './live-transcript-agent.js';

/** Whether the model speaks itself: GPT-Live always does, also where an LLM does its work. */
const speaks = ({ model, answers }: RealtimeCallParts): boolean =>
  model instanceof llm.DuplexModel || (answers === 'itself' && speaksItself(model));

function ttsOf(call: StartCallOptions, realtime: RealtimeCallParts): { tts?: tts.TTS } {
  if (speaks(realtime)) return {};
  return { tts: call.tts instanceof tts.TTS ? call.tts : new LocalTTS(call.tts) };
}

/** The session of a call with a realtime model: Firstword's `AgentSession`, as users get it. */
export class RealtimeCallSession implements OpenCallSession {
  readonly levers;
  readonly #session: voice.AgentSession;
  readonly #agent: LiveTranscriptAgent;
  readonly #observer: SessionObserver;
  readonly #stopRelay: () => void;
  readonly #hasTts: boolean;

  constructor({ call, levers, clock, startedMs, input, output }: CallSessionOptions) {
    const realtime = call.realtime!;
    const { events, callId, transcripts } = call;
    const { filler: _, ...sessionLevers } = levers;
    const speech = ttsOf(call, realtime);
    this.levers = levers;
    this.#hasTts = speech.tts !== undefined;
    this.#session = new AgentSession({
      llm: realtime.model,
      ...speech,
      vad: null,
      aecWarmupDuration: null,
      turnHandling: { turnDetection: 'realtime_llm' },
      firstword: {
        levers: sessionLevers,
        ...cachedPhrases(call),
        ...(realtime.answers === 'llm'
          ? { answerWith: new FirstwordLLM(call.llm, { ownsModel: false }) }
          : {}),
      },
    }) as voice.AgentSession;
    this.#session.input.audio = input;
    this.#session.output.audio = output;
    this.#observer = new SessionObserver({
      session: this.#session,
      callId,
      clock,
      ...(transcripts === undefined ? {} : { transcripts }),
      callStartMs: startedMs,
      levers,
      onTurn: events.onTurn,
      ...(events.onCall ? { onCall: (record) => events.onCall?.(record) } : {}),
    });
    this.#stopRelay = relay(this.#session, events);
    this.#agent = new LiveTranscriptAgent({
      instructions: call.instructions,
      onText: isolated('onTranscript', (text) => events.onTranscript?.('agent', text, false)),
    });
  }

  /** Levers of a call with a realtime model are not switched. */
  readonly isIdle = false;

  get handoverState() {
    return {
      history: this.#agent.historyItems,
      turnsBefore: this.#observer.turns,
      learned: emptyLearnedState(),
    };
  }

  async start(): Promise<void> {
    await this.#session.start({ agent: this.#agent });
  }

  say(text: string): void {
    if (this.#hasTts) this.#session.say(text);
    else this.#session.generateReply({ instructions: `Say exactly this, and nothing else: ${text}` });
  }

  callerHeard(answer: number, atMs: number): void {
    this.#observer.callerHeard(answer, atMs);
  }

  handOver(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#stopRelay();
    await this.#session.close();
    this.#observer.close();
  }
}
