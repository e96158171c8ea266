import type { ToolCall } from '../chat.js';
import { ProviderError } from '../provider-error.js';

/** Assembles tool calls from their fragments. A call is complete when the next one begins or the answer ends. */
export class ToolCallAssembler {
  readonly #provider: string;
  #current: { index: number; id: string; name: string; text: string } | undefined;
  #count = 0;

  constructor(options: { provider: string }) {
    this.#provider = options.provider;
  }

  /** Whether a call is being assembled. */
  get open(): boolean {
    return this.#current !== undefined;
  }

  /** Adds a fragment. Returns the previous call if this fragment starts another. */
  add(fragment: { index?: number | null; id?: string | null; name?: string | null; text?: string | null }) {
    // Some servers repeat the id in every fragment, others omit the index: either can mark the start of another call.
    const current = this.#current;
    const index =
      fragment.index ?? (fragment.id && fragment.id !== current?.id ? this.#count : current?.index);
    const complete = current !== undefined && index !== current.index ? this.flush() : undefined;
    if (this.#current === undefined) {
      this.#current = { index: index ?? this.#count, id: fragment.id ?? '', name: '', text: '' };
      this.#count = this.#current.index + 1;
    }
    this.#current.name ||= fragment.name ?? '';
    this.#current.text += fragment.text ?? '';
    return complete;
  }

  /**
   * Returns the current call, if any, as complete.
   * @throws FirstwordError `bad_stream` if its arguments are not JSON
   */
  flush(): ToolCall | undefined {
    const call = this.#current;
    if (!call) return undefined;
    this.#current = undefined;
    const text = call.text.trim() === '' ? '{}' : call.text;
    try {
      JSON.parse(text);
    } catch {
      throw new ProviderError(
        'bad_stream',
        `${this.#provider} asked for the tool "${call.name}" with arguments that are not JSON. Try again; ` +
          'if it happens often, make the tool’s schema simpler or allow more completion tokens.',
        { provider: this.#provider, retryable: true, providerText: call.text },
      );
    }
    return { id: call.id || `call_${call.index}`, name: call.name, arguments: text };
  }
}
