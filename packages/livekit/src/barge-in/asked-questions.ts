import type { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { wrapAgentMethod } from '../internals/agent-methods.js';
import { currentSpeech } from '../llm/speech-context.js';
import { listenTo } from '../observe/listen-to.js';

type LlmNode = voice.Agent['llmNode'];
type Answer = NonNullable<Awaited<ReturnType<LlmNode>>>;
type Chunk = Answer extends ReadableStream<infer T> ? T : never;

/** Question marks of all scripts. */
const QUESTION = /[?？؟՞]/u;
/** Most speeches kept: the one that is heard is among the newest. */
const MOST_KEPT = 16;

/** Knows which replies ask something, from the LLM's text as it is generated. */
export class AskedQuestions {
  readonly #session: voice.AgentSession;
  readonly #asks = new Map<string, boolean>();
  readonly #undo = new Map<voice.Agent, () => void>();
  readonly #stops: (() => void)[] = [];

  constructor(session: voice.AgentSession) {
    this.#session = session;
    // Every answer is preceded by a transcript, so the active agent is always wrapped in time.
    listenTo(session, this.#stops)(voice.AgentSessionEventTypes.UserInputTranscribed, () =>
      this.#wrapAgent(),
    );
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
    for (const restore of this.#undo.values()) restore();
    this.#undo.clear();
  }

  /** Whether a reply may have asked something. A text that no LLM has generated, such as a greeting, is not known. */
  mayHaveAsked({ id }: voice.SpeechHandle): boolean {
    return this.#asks.get(id) ?? true;
  }

  #wrapAgent(): void {
    const agent = this.#session._activity?.agent;
    if (!agent || this.#undo.has(agent)) return;
    const restore = wrapAgentMethod(agent, 'llmNode', (inner) => async (...args) => {
      const speech = currentSpeech();
      const answer = await inner.apply(agent, args);
      return speech && answer ? this.#reading(answer, speech.handle.id) : answer;
    });
    this.#undo.set(agent, restore);
  }

  /** The answer as it arrives, read on the way. */
  #reading(answer: Answer, id: string): Answer {
    this.#asks.set(id, this.#asks.get(id) ?? false);
    for (const oldest of this.#asks.keys()) if (this.#asks.size > MOST_KEPT) this.#asks.delete(oldest);
    const read = new TransformStream<Chunk, Chunk>({
      transform: (chunk, controller) => {
        const text =
          typeof chunk === 'string' ? chunk : typeof chunk === 'object' ? chunk.delta?.content : '';
        if (QUESTION.test(text ?? '')) this.#asks.set(id, true);
        controller.enqueue(chunk);
      },
    });
    return answer.pipeThrough(read as never) as Answer;
  }
}
