import { reduce } from './reducer.js';
import { INITIAL_STATE, type StudioAction, type StudioState } from './state.js';

/** Holds the state and notifies its subscribers of changes. */
export class Store {
  #state: StudioState = INITIAL_STATE;
  readonly #listeners = new Set<() => void>();

  /** The current state. */
  get state(): StudioState {
    return this.#state;
  }

  /** Applies an action; subscribers are called if the state has changed. */
  dispatch(action: StudioAction): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after every change; the returned function ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
