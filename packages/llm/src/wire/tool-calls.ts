import type { ToolCall } from '../chat.js';
import { ProviderError } from '../provider-error.js';

/** Gathers tool calls from their fragments. A call is whole when the next one begins or the answer finishes. */
export class ToolCallAssembler {
  readonly #provider: string;
  #current: { index: number; id: string; name: string; text: string } | undefined;
  #count = 0;

  constructor(options: { provider: string }) {
    this.#provider = options.provider;
  }

  /** True while a call is being gathered. */
  get open(): boolean {
    return this.#current !== undefined;
  }

  /** Takes a fragment; returns the call that it showed to be complete. */
  add(fragment: { index?: number | null; id?: string | null; name?: string | null; text?: string | null }) {
    // Some servers repeat the id in every fragment, some leave the index out: either may tell one call from the next.
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
   * The call in hand, if any, as complete.
   * @throws FirstwordError `bad_stream` when its arguments are not JSON.
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
