import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConfigError } from './config-error.js';
import { parseConfig, readConfig } from './read-config.js';

const PROFILES = ['gpt-4o-mini', 'groq-gpt-oss-120b'];
const parse = (text: string) => parseConfig(text, { file: 'gateway.yaml', profiles: PROFILES });

/** The message of the refusal: a line for each problem. */
function refusal(text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('the config was accepted');
}

/** The shortest for "gpt-4o-mini, Groq as backup after what is usual, 10 % hedges". */
const SHORTEST = `routes:
  gpt-4o-mini:
    models: [openai:gpt-4o-mini, groq:openai/gpt-oss-120b]
    hedge: { budget: 0.1 }
`;

it('reads the shortest config with a backup and hedges in eight lines or fewer', () => {
  expect(SHORTEST.trimEnd().split('\n').length).toBeLessThanOrEqual(8);
  const [route] = parse(SHORTEST).routes;
  expect(route).toMatchObject({
    name: 'gpt-4o-mini',
    isDefault: false,
    models: [
      { spec: { provider: 'openai', model: 'gpt-4o-mini' } },
      { spec: { provider: 'groq', model: 'openai/gpt-oss-120b' } },
    ],
    settings: { hedge: { budget: 0.1 } },
  });
});

it('takes a list for a route without settings, and JSON', () => {
  const yaml = parse('routes:\n  a: [openai:x, groq:y]\n');
  const json = parse('{\n\t"$schema": "x",\n\t"routes": { "a": ["openai:x", "groq:y"] }\n}');
  expect(json).toEqual(yaml);
});

it('merges the common settings with those of a route, group by group', () => {
  const { routes } = parse(`defaults: { voice: true, hedge: { budget: 0.05, initialDelayMs: 400 } }
defaultRoute: b
routes:
  a: [openai:x]
  b: { models: [openai:x], voice: false, hedge: { budget: 0.2 } }
`);
  expect(routes.map(({ settings }) => settings)).toEqual([
    { voice: true, hedge: { budget: 0.05, initialDelayMs: 400 } },
    { voice: false, hedge: { budget: 0.2, initialDelayMs: 400 } },
  ]);
  expect(routes.map(({ isDefault }) => isDefault)).toEqual([false, true]);
});

it('takes a model with its own variable, tier and body, and any address', () => {
  const { routes } = parse(`routes:
  4.1:
    - { model: openai:gpt-4.1, keyVariable: TEAM_KEY, serviceTier: priority, body: { reasoning_effort: low } }
    - vllm:Qwen/Qwen3@http://gpu:8000/v1
    - openrouter:anthropic/claude@20251001
`);
  expect(routes[0]!.name).toBe('4.1');
  expect(routes[0]!.models).toMatchObject([
    { keyVariable: 'TEAM_KEY', serviceTier: 'priority', body: { reasoning_effort: 'low' } },
    { spec: { baseUrl: 'http://gpu:8000/v1' } },
    { spec: { model: 'anthropic/claude@20251001' } },
  ]);
});

it.each([
  ['a: 1', /^gateway.yaml:1:1: routes is missing/],
  ['', /^gateway.yaml:1:1: the file takes an object with .*routes/],
  ['routes: {}', /1:9: there is no route/],
  ['routes:\n  a: []', /2:6: routes.a takes a list of 1 to 16 models, or an object/],
  [
    'routes:\n  a: openai:x',
    /2:6: routes.a takes a list of 1 to 16 models, or an object with models.*not "openai:x"/,
  ],
  [
    'routes:\n  a: { models: [openai:x], hegde: { budget: 0.1 } }',
    /2:28: there is no setting "hegde" here. Did you mean hedge\?/,
  ],
  [
    'routes:\n  a:\n    models: [openai:x]\n    hedge: { budget: 10 }',
    /4:22: routes.a.hedge.budget takes a number from 0 to 1, not 10/,
  ],
  [
    'routes:\n  a:\n    models: [openai:x]\n    hedge: 10%',
    /4:12: routes.a.hedge takes an object with budget.*not "10%"/,
  ],
  [
    'routes:\n  a:\n    models: [openai:x]\n    giveUpAfterMs: 2s',
    /4:20: .* takes a whole number of milliseconds from 1 to 600000, not "2s"/,
  ],
  [
    'routes:\n  a:\n    models: [openai:x]\n    order: fast',
    /4:12: .* takes given or fastest, not "fast". Did you mean fastest\?/,
  ],
  ['routes:\n  a:\n    models: [openai:x]\n    voice: yes', /4:12: .* takes true or false, not "yes"/],
  ['routes:\n  a:\n    hedge: { budget: 0.1 }', /3:5: routes.a.models is missing/],
  ['routes:\n  a: [grok:x]', /2:7: There is no provider "grok". Did you mean groq/],
  ['routes:\n  a: [emulated:gpt4o-mini]', /2:7: .*Did you mean gpt-4o-mini/],
  ['routes:\n  a: [openai: gpt-4o-mini]', /2:7: write openai:gpt-4o-mini without a space/],
  ['routes:\n  a: [{ model: gpt-4o }]', /2:16: "gpt-4o" is not a model: write provider:model/],
  ['routes: { a: [{ model: openai:x, body: { stream: false } }] }', /1:42: stream is set by the gateway/],
  [
    'routes: { a: [openai:x] }\nstore: { file: x, valkey: {} }',
    /2:8: the store is a file or a Valkey server/,
  ],
  ['routes: { "*": [openai:x] }', /1:11: .*write defaultRoute/],
  ['routes: { a: [openai:x] }\ndefaultRoute: b', /2:15: There is no route "b"/],
  [
    'routes: { a: [openai:x] }\nserver: { port: 70000 }',
    /2:17: server.port takes a whole number from 0 to 65535/,
  ],
  ['routes: { a: [openai:x] }\nserver: { tls: { certFile: x } }', /2:16: server.tls.keyFile is missing/],
  ['routes: { a: [openai:x] }\nroutes: { b: [openai:x] }', /2:1: this name is written twice/],
  ['routes:\n\ta: [openai:x]', /2:1: /],
  ['routes: [', /1:10: not valid YAML or JSON/],
  ['routes: { a: [openai:x] }\n---\nroutes: { a: [openai:x] }', /several YAML documents/],
  ['routes: !secret x', /1:9: not valid YAML or JSON/],
  ['routes: &a [*a]', /1:1: .*anchors/],
])('refuses %j with its place and what to write', (text, message) => {
  expect(refusal(text)).toMatch(message);
});

it('tells all problems at once, in the order of the file', () => {
  const message = refusal('routes:\n  a: [grok:x]\n  b: [groq]\ndefaultRoute: c\n');
  expect(message.split('\n').map((line) => line.slice(0, 16))).toEqual([
    'gateway.yaml:2:7',
    'gateway.yaml:3:7',
    'gateway.yaml:4:1',
  ]);
});

const KEY = 'sk-proj-abcdefghijklmnop1234';
it.each([
  [
    `routes:\n  a:\n    - { model: groq:x, apiKey: ${KEY} }`,
    /3:24: a key does not belong .* as GROQ_API_KEY/,
  ],
  ['routes:\n  a:\n    - { model: openai:x, apiKey: an-own-secret-9 }', /as OPENAI_API_KEY/],
  [
    `routes:\n  a:\n    - { model: openai:x, keyVariable: ${KEY} }`,
    /a key does not belong .* OPENAI_API_KEY/,
  ],
  [
    'routes:\n  a:\n    - { model: openai:x, keyVariable: an-own-secret-9 }',
    /keyVariable takes the name of an environment/,
  ],
  ['routes: { a: [openai:x] }\nserver: { token: an-own-secret-9 }', /as FIRSTWORD_GATEWAY_TOKEN/],
  [`routes: { a: [openai:${KEY}] }`, /a key does not belong/],
  ['routes: { a: ["vllm:m@http://me:an-own-secret-9@gpu/v1"] }', /URL in the file must contain no key/],
])('refuses a key in %j, names the variable, and does not repeat it', (text, message) => {
  const told = refusal(text);
  expect(told).toMatch(message);
  expect(told).not.toContain(KEY);
  expect(told).not.toContain('secret-9');
});

it('never crashes on a damaged file, and names a place in it', () => {
  fc.assert(
    fc.property(fc.nat(SHORTEST.length), fc.string({ maxLength: 6 }), (at, inserted) => {
      const text = `${SHORTEST.slice(0, at)}${inserted}${SHORTEST.slice(at)}`;
      try {
        parse(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        for (const { line, column } of (error as ConfigError).problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }
    }),
  );
});

it('names a file that is not there, is a folder, or is too large', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firstword-gateway-'));
  try {
    expect(() => readConfig(join(folder, 'no.yaml'))).toThrow(/no\.yaml does not exist/);
    expect(() => readConfig(folder)).toThrow(/cannot be read/);
    writeFileSync(join(folder, 'big.yaml'), '#'.repeat(1_000_001));
    expect(() => readConfig(join(folder, 'big.yaml'))).toThrow(/larger than 1 MB/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
