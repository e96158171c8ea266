import type { ToolCall } from '../chat.js';
import { ProviderError } from '../provider-error.js';
import { badStream } from './bad-stream.js';
import { ObjectEnd } from './object-end.js';
import { isJsonObject, parseJson } from './schema.js';

/** Maximum number of tool calls in one answer, and maximum length of their arguments together, UTF-16 code units. */
const MAX_CALLS = 128;
const MAX_ARGUMENTS_LENGTH = 1024 * 1024;

/** A part of a tool call. Servers leave out, repeat or invent every field but the arguments. */
export interface ToolCallFragment {
  index?: number | null | undefined;
  id?: string | null | undefined;
  name?: string | null | undefined;
  /** The next part of the arguments, JSON text. */
  text?: string | null | undefined;
}

/** A complete tool call, as a signal. */
interface CompleteCall {
  type: 'toolCall';
  call: ToolCall;
}

interface OpenCall {
  index: number | undefined;
  id: string;
  name: string;
  text: string;
  end: ObjectEnd;
  emitted: boolean;
}

/**
 * The ids of the tool calls in a conversation. Some servers give no ids, or the same ones in every answer (Kimi K3); a
 * result would then be paired with another turn's call.
 */
export class CallIds {
  readonly #taken: Set<string>;

  /** @param taken the ids that the conversation already has */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The given id if no call has it yet, else a new one. */
  unique(id: string | null | undefined): string {
    // 37 characters: OpenAI refuses a conversation with an id of more than 40.
    const own = id && !this.#taken.has(id) ? id : `call_${crypto.randomUUID().replaceAll('-', '')}`;
    this.#taken.add(own);
    return own;
  }
}

/**
 * Assembles tool calls from their fragments. Neither index nor id is reliable: Ollama, Dynamo and Gemini's compatible
 * API give every call the index 0, some servers number the fragments instead of the calls, some give each fragment an id
 * of its own, others none at all. So a fragment is matched by all it says, and a name is what begins a call.
 */
export class ToolCallAssembler {
  readonly #provider: string;
  readonly #ids: CallIds;
  readonly #calls: OpenCall[] = [];
  #length = 0;

  constructor(options: { provider: string; callIds?: Iterable<string> | undefined }) {
    this.#provider = options.provider;
    this.#ids = new CallIds(options.callIds);
  }

  /** Number of calls so far. */
  get count(): number {
    return this.#calls.length;
  }

  /**
   * Adds a fragment. Returns the calls that are complete because this one begins another.
   * @throws FirstwordError `bad_stream` if there are too many calls, or their arguments are too long
   */
  add(fragment: ToolCallFragment): CompleteCall[] {
    const { name, text } = fragment;
    const known = this.#callOf(fragment);
    // A fragment that says nothing begins no call; some servers send one before the first text.
    if (!known && !name && !text) return [];
    const call = known ?? this.#begin(fragment);
    call.id ||= fragment.id ?? '';
    call.name ||= name ?? '';
    this.#append(call, text ?? '');
    return known ? [] : this.#takeComplete();
  }

  /**
   * Returns the calls that were not yet returned, in the order in which they began.
   * @param index only the calls of this index; default all
   * @throws FirstwordError `bad_stream` if one has no name, or arguments that are not a JSON object
   */
  finish(index?: number | null): CompleteCall[] {
    const open = this.#calls.filter((call) => !call.emitted && (index ?? call.index) === call.index);
    return open.map((call) => this.#emit(call));
  }

  /** The call that the fragment continues; `undefined` if it begins one. */
  #callOf(fragment: ToolCallFragment): OpenCall | undefined {
    const { index, id, name } = fragment;
    const byId = id ? this.#calls.findLast((call) => call.id === id) : undefined;
    if (byId) return begins(byId, fragment) && !repeats(byId, fragment) ? undefined : byId;
    const last = this.#calls.at(-1);
    const byIndex = index == null ? last : this.#calls.findLast((call) => call.index === index);
    // Without a name it continues a call, whatever its index and id.
    if (!name) return byIndex ?? last;
    if (!byIndex || (id && byIndex.id)) return undefined;
    return begins(byIndex, fragment) ? undefined : byIndex;
  }

  #begin({ index }: ToolCallFragment): OpenCall {
    if (this.#calls.length === MAX_CALLS) throw badStream(this.#provider, 'it has too many tool calls');
    const call: OpenCall = {
      index: index ?? undefined,
      id: '',
      name: '',
      text: '',
      end: new ObjectEnd(),
      emitted: false,
    };
    this.#calls.push(call);
    return call;
  }

  #append(call: OpenCall, text: string): void {
    if (text === '') return;
    if (call.end.reached) {
      if (text.trim() === '' || text.trim() === call.text.trim()) return;
      throw badStream(this.#provider, 'the arguments of a tool call went on after their end');
    }
    call.text += text;
    call.end.read(text);
    this.#length += text.length;
    if (this.#length > MAX_ARGUMENTS_LENGTH)
      throw badStream(this.#provider, 'the arguments of its tool calls are too long');
  }

  /** The calls before the newest, up to the first that may go on: fragments of several calls can be interleaved. */
  #takeComplete(): CompleteCall[] {
    const earlier = this.#calls.slice(0, -1);
    const open = earlier.findIndex((call) => !call.end.reached);
    const complete = open === -1 ? earlier : earlier.slice(0, open);
    return complete.filter(({ emitted }) => !emitted).map((call) => this.#emit(call));
  }

  #emit(call: OpenCall): CompleteCall {
    call.emitted = true;
    if (call.name === '') throw badStream(this.#provider, 'it has a tool call without a name');
    const text = call.text.trim() === '' ? '{}' : call.text;
    const value = parseJson(text);
    if (value !== null && !isJsonObject(value)) {
      throw new ProviderError(
        'bad_stream',
        `${this.#provider} asked for the tool "${call.name}" with arguments that are not a JSON object. Try again; ` +
          'if it happens often, make the tool’s schema simpler or allow more completion tokens.',
        { provider: this.#provider, retryable: true, providerText: call.text },
      );
    }
    const args = value === null ? '{}' : text;
    return { type: 'toolCall', call: { id: this.#ids.unique(call.id), name: call.name, arguments: args } };
  }
}

/** Whether a fragment with a name begins another call than this one, although id or index are the same. */
function begins(call: OpenCall, { name, text }: ToolCallFragment): boolean {
  if (!name || !call.name) return false;
  return name !== call.name || (call.end.reached && Boolean(text?.trim()));
}

/** Whether the fragment is a copy of the whole call: some servers send a call again when it is complete. */
function repeats(call: OpenCall, { name, text }: ToolCallFragment): boolean {
  return name === call.name && text?.trim() === call.text.trim();
}
