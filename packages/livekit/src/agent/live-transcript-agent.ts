import { TransformStream } from 'node:stream/web';
import { type llm, voice } from '@livekit/agents';

/** An agent that reports its words as they are generated, before LiveKit adds them to the history. */
export class LiveTranscriptAgent extends voice.Agent {
  readonly #onText: (text: string) => void;

  /** @param options.history conversation before this agent took over */
  constructor(options: {
    instructions: string;
    history?: llm.ChatContext | undefined;
    onText: (text: string) => void;
  }) {
    const { instructions, history } = options;
    super({ instructions, ...(history ? { chatCtx: history } : {}) });
    this.#onText = options.onText;
  }

  /** The conversation so far, for the next agent. */
  get historyItems(): llm.ChatContext {
    return this.chatCtx.copy({
      excludeInstructions: true,
      excludeHandoff: true,
      excludeConfigUpdate: true,
    });
  }

  override async transcriptionNode(
    ...args: Parameters<voice.Agent['transcriptionNode']>
  ): ReturnType<voice.Agent['transcriptionNode']> {
    const stream = await super.transcriptionNode(...args);
    let text = '';
    return (
      stream?.pipeThrough(
        new TransformStream({
          transform: (chunk, controller) => {
            text += typeof chunk === 'string' ? chunk : chunk.text;
            this.#onText(text);
            controller.enqueue(chunk);
          },
        }),
      ) ?? null
    );
  }
}
