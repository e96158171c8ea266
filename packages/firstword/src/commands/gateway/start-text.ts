import { modelsText, type PlannedRoute } from '@firstword/gateway/config';

/** One line for a route: its name and its models. */
export function routeLines(routes: readonly PlannedRoute[]): string[] {
  const width = Math.max(...routes.map(({ name }) => name.length));
  return routes.map((route) => {
    const others = route.isDefault ? '; also every model name that no route has' : '';
    const voice = route.settings.voice ? '; for a voice' : '';
    return `  ${route.name.padEnd(width)}  ${modelsText(route)}${voice}${others}`;
  });
}

/** What a person reads when the gateway has started. */
export function startText(gateway: {
  url: string;
  origin: string;
  routes: readonly PlannedRoute[];
  /** Variable of the token that clients must send. */
  tokenVariable: string | undefined;
  emulates: boolean;
}): string {
  const { url, origin, routes, tokenVariable, emulates } = gateway;
  const key = tokenVariable === undefined ? 'any API key' : `as API key the value of ${tokenVariable}`;
  return [
    `Gateway on ${url}`,
    '',
    ...routeLines(routes),
    '',
    `In your client, set base_url="${url}" (OPENAI_BASE_URL) or "${origin}" (ANTHROPIC_BASE_URL), and ${key}.`,
    ...(emulates
      ? [
          'Emulated models play published delays and answer as a restaurant’s receptionist; no provider is asked.',
        ]
      : []),
    'Press Ctrl-C to stop.',
  ].join('\n');
}
