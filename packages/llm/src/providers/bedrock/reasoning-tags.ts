import type { SseEvent, WireReader, WireSignal } from '../../wire/wire.js';

const OPEN = '<reasoning>';
const CLOSE = '</reasoning>';

/** Length of the longest end of `text` that `tag` starts with: it may become the tag. */
function partOf(tag: string, text: string): number {
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length -= 1)
    if (tag.startsWith(text.slice(-length))) return length;
  return 0;
}

/**
 * Some models of Bedrock (gpt-oss) put their reasoning before the answer, into the same field, between `<reasoning>` and
 * `</reasoning>`. A caller would hear it. This reader turns it into reasoning signals, in whatever pieces it arrives.
 */
export class ReasoningTagReader implements WireReader {
  readonly #inner: WireReader;
  #state: 'start' | 'inside' | 'answer' = 'start';
  /** Text that may be a part of a tag. */
  #held = '';

  constructor(inner: WireReader) {
    this.#inner = inner;
  }

  read(event: SseEvent): WireSignal[] {
    return this.sorted(this.#inner.read(event));
  }

  end(): WireSignal[] {
    return this.sorted(this.#inner.end());
  }

  /** The signals with the reasoning separated from the answer. */
  sorted(signals: WireSignal[]): WireSignal[] {
    return signals.flatMap((signal) => {
      if (signal.type === 'text') return this.#text(signal.text);
      // Nothing of the text comes after these.
      return signal.type === 'finish' || signal.type === 'toolCallDelta'
        ? [...this.#rest(), signal]
        : [signal];
    });
  }

  #text(piece: string): WireSignal[] {
    if (this.#state === 'answer') return [{ type: 'text', text: piece }];
    const text = this.#held + piece;
    this.#held = '';
    if (this.#state === 'start') {
      if (text.startsWith(OPEN)) {
        this.#state = 'inside';
        return this.#text(text.slice(OPEN.length));
      }
      if (OPEN.startsWith(text)) {
        this.#held = text;
        return [];
      }
      this.#state = 'answer';
      return [{ type: 'text', text }];
    }
    return this.#inside(text);
  }

  #inside(text: string): WireSignal[] {
    const at = text.indexOf(CLOSE);
    const end = at < 0 ? text.length - partOf(CLOSE, text) : at;
    const reasoning = text.slice(0, end);
    const said: WireSignal[] = reasoning === '' ? [] : [{ type: 'reasoning', text: reasoning }];
    if (at < 0) {
      this.#held = text.slice(end);
      return said;
    }
    this.#state = 'answer';
    const answer = text.slice(at + CLOSE.length);
    return answer === '' ? said : [...said, { type: 'text', text: answer }];
  }

  #rest(): WireSignal[] {
    const text = this.#held;
    this.#held = '';
    if (text === '') return [];
    return [{ type: this.#state === 'inside' ? 'reasoning' : 'text', text }];
  }
}
