import type { EmulatedMessage } from '../../chat/chat.js';
import { type Fields, isFields, stringOr, textOf } from '../../wire/fields.js';
import { wordsHeard } from '../core/plan.js';
import { RealtimeRefusal } from '../core/refusal.js';

/** One item of a realtime conversation, as the wire names its fields, and what the emulator knows of it besides. */
export interface RealtimeItem {
  id: string;
  type: 'message' | 'function_call' | 'function_call_output';
  role?: 'user' | 'assistant' | 'system';
  status?: 'in_progress' | 'completed' | 'incomplete';
  content?: Fields[];
  call_id?: string;
  name?: string;
  arguments?: string;
  output?: string;
}

/** What is remembered of an item and not sent. */
interface Remembered {
  item: RealtimeItem;
  /** The words: of the caller as understood, of the model as far as its audio was not truncated. */
  text: string;
  /** Duration of the model's audio, ms; 0 for items without. */
  audioMs: number;
}

/** The items of one conversation, in order. */
export class RealtimeConversation {
  #items: Remembered[] = [];

  /** Id of the last item; `null` if there is none. */
  get lastId(): string | null {
    return this.#items.at(-1)?.item.id ?? null;
  }

  /**
   * Adds an item behind another one, at the end by default.
   * @returns the id of the item before it
   * @throws RealtimeRefusal if the other item does not exist, or one with the same id does
   */
  add(item: RealtimeItem, options: { after?: string | null; text?: string } = {}): string | null {
    if (this.#items.some((one) => one.item.id === item.id)) {
      throw new RealtimeRefusal('item_already_exists', `Item '${item.id}' already exists.`, 'item.id');
    }
    const { after } = options;
    let index = this.#items.length;
    if (after === 'root') index = 0;
    else if (after) index = this.#indexOf(after, 'previous_item_id') + 1;
    this.#items.splice(index, 0, { item, text: options.text ?? textOf(item.content), audioMs: 0 });
    return this.#items[index - 1]?.item.id ?? null;
  }

  /** @throws RealtimeRefusal if there is no such item */
  delete(id: string): void {
    this.#items.splice(this.#indexOf(id, 'item_id'), 1);
  }

  /** Sets what an item's audio says, and how long it is. An item that was deleted is left alone. */
  said(id: string, text: string, audioMs = 0): void {
    const found = this.#items.find(({ item }) => item.id === id);
    if (found) Object.assign(found, { text, audioMs });
  }

  /** Cuts the model's audio, and as much of its words. @throws RealtimeRefusal if there is no such item, or less audio */
  truncate(id: string, audioEndMs: number): void {
    const found = this.#items[this.#indexOf(id, 'item_id')]!;
    if (found.item.role !== 'assistant') {
      throw new RealtimeRefusal(
        'invalid_value',
        'Only model output audio messages can be truncated.',
        'item_id',
      );
    }
    if (!(audioEndMs >= 0 && audioEndMs <= Math.ceil(found.audioMs))) {
      const message = `Audio content of ${Math.round(found.audioMs)}ms is already shorter than ${audioEndMs}ms.`;
      throw new RealtimeRefusal('invalid_value', message, 'audio_end_ms');
    }
    Object.assign(found, { text: wordsHeard(found.text, audioEndMs, found.audioMs), audioMs: audioEndMs });
  }

  /** The conversation as a chat history. */
  messages(): EmulatedMessage[] {
    return this.#items.map(({ item, text }): EmulatedMessage => {
      if (item.type === 'function_call') {
        const call = { id: item.call_id ?? '', name: item.name ?? '', arguments: item.arguments ?? '{}' };
        return { role: 'assistant', text: '', toolCalls: [call] };
      }
      if (item.type === 'function_call_output')
        return { role: 'tool', text: item.output ?? '', toolCalls: [], toolCallId: item.call_id };
      return { role: item.role ?? 'user', text, toolCalls: [] };
    });
  }

  #indexOf(id: string, param: string): number {
    const index = this.#items.findIndex(({ item }) => item.id === id);
    if (index >= 0) return index;
    throw new RealtimeRefusal('item_not_found', `Item with item_id '${id}' not found.`, param);
  }
}

const TYPES: readonly unknown[] = ['message', 'function_call', 'function_call_output'];

/** The item of a `conversation.item.create`. @throws RealtimeRefusal if it is none */
export function readItem(value: unknown, newId: () => string): RealtimeItem {
  if (!isFields(value) || !TYPES.includes(value.type)) {
    throw new RealtimeRefusal('invalid_value', "Invalid value: 'item.type'.", 'item.type');
  }
  const item = {
    ...value,
    id: stringOr(value.id, '') || newId(),
    status: 'completed',
  } as unknown as RealtimeItem;
  if (item.type !== 'message') return item;
  const content = Array.isArray(value.content) ? value.content.filter(isFields) : [];
  return { ...item, role: item.role ?? 'user', content };
}
