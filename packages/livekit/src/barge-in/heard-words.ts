import { voice } from '@livekit/agents';
import { listenTo } from '../observe/listen-to.js';
import { PacedAudioOutput } from '../transport/audio-output.js';

const { AgentSessionEventTypes: Event } = voice;

/** Length of a character of speech until answers of this voice have been heard to their end, ms: some 160 words a minute. */
const MS_PER_CHARACTER = 60;
/** Part by which each whole answer moves it. */
const SMOOTHING = 0.3;
/** Shorter answers say too little about the voice, ms. */
const MIN_ANSWER_MS = 800;

/** The words of a text that were heard in this time; at least the first. */
export function heardPart(text: string, heardMs: number, msPerCharacter: number): string {
  const most = Math.max(1, heardMs / msPerCharacter);
  if (most >= text.length) return text;
  const words = text.match(/\s*\S+/gu) ?? [];
  let heard = '';
  for (const word of words) {
    if (heard !== '' && heard.length + word.length > most) break;
    heard += word;
  }
  return heard.trimEnd();
}

/**
 * Keeps of an interrupted answer only what was heard, in the history and for the LLM. In a room LiveKit does that itself, by
 * the transcript that it shows in step with the audio; without a room it keeps all that was generated.
 */
class HeardWords {
  readonly #session: voice.AgentSession;
  readonly #stops: (() => void)[] = [];
  #output: voice.AudioOutput | null = null;
  #stopOutput = () => {};
  #last: { playedMs: number; interrupted: boolean } | undefined;
  #msPerCharacter = MS_PER_CHARACTER;

  constructor(session: voice.AgentSession) {
    this.#session = session;
    const on = listenTo(session, this.#stops);
    // The output may be set after the session has been made.
    on(Event.SpeechCreated, () => this.#watch());
    on(Event.ConversationItemAdded, ({ item }) => {
      if (item.type === 'message' && item.role === 'assistant') this.#onAnswer(item);
    });
  }

  close(): void {
    this.#stopOutput();
    for (const stop of this.#stops.splice(0)) stop();
  }

  #watch(): void {
    const output = this.#session.output.audio;
    if (output === this.#output) return;
    this.#output = output;
    this.#stopOutput();
    this.#last = undefined;
    this.#stopOutput =
      output instanceof PacedAudioOutput
        ? output.watch({
            onFinished: (_, playedMs, interrupted) => {
              this.#last = { playedMs, interrupted };
            },
          })
        : () => {};
  }

  #onAnswer(item: { content: unknown[]; textContent?: string | undefined; interrupted: boolean }): void {
    const last = this.#last;
    this.#last = undefined;
    const text = item.textContent ?? '';
    if (!last || text === '' || item.content.length !== 1) return;
    if (item.interrupted && last.interrupted) {
      item.content = [heardPart(text, last.playedMs, this.#msPerCharacter)];
    } else if (!last.interrupted && last.playedMs >= MIN_ANSWER_MS) {
      this.#msPerCharacter += SMOOTHING * (last.playedMs / text.length - this.#msPerCharacter);
    }
  }
}

/**
 * Keeps of the interrupted answers of a session without a room only what was heard.
 *
 * @returns a function that stops it
 */
export function attachHeardWords(session: voice.AgentSession): () => void {
  const words = new HeardWords(session);
  return () => words.close();
}
