import { reduce } from './reducer.js';
import { INITIAL_STATE, type StudioAction, type StudioState } from './state.js';

/** Holds the state and tells who listens when it has changed. */
export class Store {
  #state: StudioState = INITIAL_STATE;
  readonly #listeners = new Set<() => void>();

  get state(): StudioState {
    return this.#state;
  }

  dispatch(action: StudioAction): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }

  /** What it returns ends the subscription. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
