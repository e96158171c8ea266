import { FirstwordError, similarNames } from '@firstword/turn';
import { GatewayError } from '../answer/failure.js';
import type { Route } from '../route.js';

/** Name of the route that answers every model name that no other route has. */
const DEFAULT_ROUTE = '*';

/** The routes that are served now, and those that only finish their answers. */
export class RouteTable {
  #routes: Map<string, Route>;
  /** Answers under way for each router. */
  readonly #running = new Map<Route['router'], number>();

  /** @throws FirstwordError `bad_input` without a route, or with two of one name */
  constructor(routes: Route[]) {
    this.#routes = byName(routes);
  }

  /** The routes that are served, in order. */
  get routes(): Route[] {
    return [...this.#routes.values()];
  }

  /** The routes that clients may ask for by name. */
  get named(): Route[] {
    return this.routes.filter(({ name }) => name !== DEFAULT_ROUTE);
  }

  /** One route for each router, to count what a router does once. */
  get distinct(): Route[] {
    const seen = new Set<Route['router']>();
    return this.routes.filter(({ router }) => !seen.has(router) && seen.add(router));
  }

  /**
   * The route of this name.
   * @throws GatewayError 404 for a name that is not served
   */
  find(name: string): Route {
    const route = this.#routes.get(name) ?? this.#default();
    if (route) return route;
    const names = [...this.#routes.keys()];
    const similar = similarNames(name, names);
    const advice =
      similar.length > 0
        ? `Did you mean ${similar.join(' or ')}?`
        : `There is ${names.slice(0, 10).join(', ')}.`;
    throw new GatewayError(404, `No route serves the model "${name.slice(0, 100)}". ${advice}`, {
      code: 'model_not_found',
    });
  }

  /** The route for other names, under the name by which clients can ask for it too. */
  #default(): Route | undefined {
    const route = this.#routes.get(DEFAULT_ROUTE);
    return this.named.find(({ router }) => router === route?.router) ?? route;
  }

  /** An answer of this route has begun. Call the returned function once, when it has ended. */
  enter({ router }: Route): () => void {
    this.#running.set(router, (this.#running.get(router) ?? 0) + 1);
    return () => {
      const left = this.#running.get(router)! - 1;
      if (left > 0) this.#running.set(router, left);
      else {
        this.#running.delete(router);
        if (!this.#isServed(router)) closeQuietly(router);
      }
    };
  }

  /**
   * Serves other routes from now on. A router that is no longer served ends its answers and is then closed.
   * @throws FirstwordError `bad_input` without a route, or with two of one name; nothing is changed then
   */
  replace(routes: Route[]): void {
    const before = this.routes;
    this.#routes = byName(routes);
    for (const { router } of before)
      if (!this.#isServed(router) && !this.#running.has(router)) closeQuietly(router);
  }

  /** Closes every router, and with it its answers. */
  async close(): Promise<void> {
    const routers = new Set([...this.routes.map(({ router }) => router), ...this.#running.keys()]);
    await Promise.all([...routers].map((router) => router.close()));
  }

  #isServed(router: Route['router']): boolean {
    return this.routes.some((route) => route.router === router);
  }
}

function byName(routes: Route[]): Map<string, Route> {
  const named = new Map(routes.map((route) => [route.name, route]));
  if (routes.length === 0) throw new FirstwordError('bad_input', 'a gateway needs at least one route');
  if (named.size === routes.length) return named;
  const twice = routes.find((route) => named.get(route.name) !== route)!;
  throw new FirstwordError('bad_input', `two routes have the name "${twice.name}": rename one`);
}

/** Nobody waits for it, and its answers have ended. */
function closeQuietly(router: Route['router']): void {
  router.close().catch(() => {});
}
