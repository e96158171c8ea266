import type { GatewayStore, Route } from '@firstword/gateway';
import { type OpenRoute, openRoutes, toRoutes } from '@firstword/gateway/config';
import type { EmulatorProcess } from '@firstword/provider-bench';
import { FirstwordError } from '@firstword/turn';
import type { GatewayPlan } from './read-plan.js';

/** The routes of a running gateway, and the emulator that answers for emulated models. */
export class ServedRoutes {
  readonly #store: GatewayStore;
  #open: OpenRoute[] = [];
  #emulator: EmulatorProcess | undefined;

  /** @param store what the routers share; whoever has opened it closes it */
  constructor(store: GatewayStore) {
    this.#store = store;
  }

  /** Whether one of the models is emulated. */
  get emulates(): boolean {
    return this.#open.some(({ planned }) => planned.models.some(({ spec }) => spec.provider === 'emulated'));
  }

  /**
   * Opens the routes of a plan. Those that have not changed are kept. Call `use` when they are served.
   * @throws FirstwordError for a setting that a provider refuses; what was open stays open
   */
  async open(plan: GatewayPlan): Promise<OpenRoute[]> {
    const isEmulated = plan.routes.some(({ models }) =>
      models.some(({ spec }) => spec.provider === 'emulated'),
    );
    if (isEmulated && !this.#emulator) {
      // Imported here because the bench is large, and only emulated models need it.
      const { startEmulatorProcess } = await import('@firstword/provider-bench');
      this.#emulator = await startEmulatorProcess({});
    }
    const emulator = this.#emulator;
    return openRoutes(plan.routes, {
      current: this.#open,
      memory: this.#store.memory,
      ...(emulator ? { emulatorUrl: (profile: string) => emulator.urlFor(profile) } : {}),
    });
  }

  /** These routes are served from now on. */
  use(open: OpenRoute[]): Route[] {
    this.#open = open;
    return toRoutes(open);
  }

  /**
   * Opens connections to every model of routes that have just been opened.
   * @param open default: the routes that are served
   * @param tell called with a line for each model that cannot be reached
   */
  async warm(tell: (text: string) => void, signal: AbortSignal, open = this.#open): Promise<void> {
    const warmed = open
      .filter(({ isKept }) => !isKept)
      .flatMap(({ planned, models }) =>
        models.map((model, at) => ({ model, spec: planned.models[at]!.spec })),
      );
    await Promise.all(
      warmed.map(({ model, spec }) =>
        model.warm({ signal }).catch((error: unknown) => {
          if (signal.aborted) return;
          const reason = error instanceof FirstwordError ? error.message : String(error);
          tell(`${spec.text} cannot be reached, so the next model answers until it can: ${reason}`);
        }),
      ),
    );
  }

  /** Ends the emulator. The gateway closes the routes. */
  close(): void {
    this.#emulator?.close();
  }
}
