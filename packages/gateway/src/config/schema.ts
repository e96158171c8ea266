import { z } from 'zod';

/** Longest time that a setting may have, ms: ten minutes. */
const LONGEST_MS = 600_000;
/** Environment variables are written in capitals here, so that a key in their place is refused. */
const VARIABLE_NAME = /^[A-Z_][A-Z0-9_]*$/;

const milliseconds = z.int().min(1).max(LONGEST_MS);
const share = z.number().min(0).max(1);
const count = z.int().min(1).max(1_000_000);
const text = z.string().min(1);
const variable = z
  .string()
  .regex(VARIABLE_NAME)
  .meta({ examples: ['OPENAI_API_KEY'] });

const modelSpec = text.describe(
  'provider:model, or provider:model@URL for your own server, such as groq:openai/gpt-oss-120b, vllm:MODEL@http://gpu:8000/v1 or emulated:gpt-4o-mini.',
);

const modelEntry = z.union([
  modelSpec,
  z
    .strictObject({
      model: modelSpec,
      keyVariable: variable
        .optional()
        .describe("Environment variable with the API key. Default: the provider's, such as OPENAI_API_KEY."),
      serviceTier: text
        .optional()
        .describe("One of the provider's service tiers, such as priority. Default: the provider's choice."),
      body: z
        .record(z.string(), z.unknown())
        .optional()
        .describe(
          'Fields of every request to this model, whatever the client sent, such as reasoning_effort; null removes a field. Default: none.',
        ),
    })
    .describe('A model with settings of its own.'),
]);

const models = z
  .array(modelEntry)
  .min(1)
  .max(16)
  .describe('The model that answers first, then its backups, in this order.');

const hedge = z
  .strictObject({
    budget: share
      .optional()
      .describe(
        'Share of requests that may be sent to a second model because the first is later than usual. 0 turns it off. Default 0.1.',
      ),
    initialDelayMs: milliseconds
      .optional()
      .describe('Hedge after this time while fewer than 10 answers have been measured, ms. Default 800.'),
    quantile: share
      .optional()
      .describe(
        "Hedge after this quantile of the model's own times to first content. Default: the time that spends the budget.",
      ),
    atOnce: share
      .optional()
      .describe(
        'Share of the hedge budget for requests that are sent to two models immediately; it lowers the median. Default 0.',
      ),
  })
  .describe('When a second model is asked although the first has not failed.');

const stall = z
  .strictObject({
    beforeClauseMs: milliseconds
      .optional()
      .describe(
        'A stream that pauses for this long before its first clause was passed on is replaced, ms. Default 600.',
      ),
    afterClauseMs: milliseconds
      .optional()
      .describe('A stream that pauses for this long after that counts as broken, ms. Default 4000.'),
    onBreak: z
      .enum(['end', 'continue'])
      .optional()
      .describe('A broken answer ends as incomplete, or another model is asked to continue it. Default end.'),
  })
  .describe('What happens when a stream pauses.');

const breaker = z
  .strictObject({
    threshold: z
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Consecutive failures after which a model gets no requests. Default 3.'),
    openMs: milliseconds.optional().describe('For this long at first, ms; doubled each time. Default 5000.'),
    maxOpenMs: milliseconds.optional().describe('For this long at most, ms. Default 60000.'),
  })
  .describe('When a failing model is left out.');

/** Settings of a route, all optional. The defaults are those of the router in `@firstword/llm`. */
const routeSettings = {
  order: z
    .enum(['given', 'fastest'])
    .optional()
    .describe(
      'given: the first healthy model answers. fastest: the one with the lowest recent time to first content. Default given.',
    ),
  firstContentDeadlineMs: milliseconds
    .optional()
    .describe('The next model is asked too when no text or tool call has come by then, ms. Default 2000.'),
  giveUpAfterMs: milliseconds
    .optional()
    .describe('The request fails when no model has begun to answer by then, ms. Default 8000.'),
  hedge: hedge.optional(),
  stall: stall.optional(),
  breaker: breaker.optional(),
  exploreBudget: share
    .optional()
    .describe(
      'With order fastest: share of requests also sent to another model to measure it. Default 0.02.',
    ),
  voice: z
    .boolean()
    .optional()
    .describe(
      'true: text is held until the first clause, which a TTS needs anyway, so that a stalled stream is replaced unheard; identical requests at the same time share one answer. Default false: every piece is passed on at once.',
    ),
};

const route = z
  .union([models, z.strictObject({ models, ...routeSettings })])
  .describe('The models of this route, or an object with models and settings.');

const server = z
  .strictObject({
    host: text.optional().describe('Address to listen on. Default 127.0.0.1: this machine only.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe('Port to listen on; 0 picks a free one. Default 4100.'),
    tokenVariable: variable
      .optional()
      .describe(
        'Environment variable with the token that clients must send as their API key. Needed beyond 127.0.0.1. Default FIRSTWORD_GATEWAY_TOKEN.',
      ),
    hosts: z
      .array(text)
      .max(100)
      .optional()
      .describe(
        'Further host names under which clients reach the gateway; requests for others are refused. Default: with a token, any.',
      ),
    corsOrigins: z
      .array(text)
      .max(100)
      .optional()
      .describe('Web origins whose pages may call the gateway, such as https://app.example. Default: none.'),
    tls: z
      .strictObject({
        certFile: text.describe('File of the certificate and its chain, PEM.'),
        keyFile: text.describe('File of its private key, PEM.'),
      })
      .optional()
      .describe('Serve HTTPS. Default: HTTP.'),
    limits: z
      .strictObject({
        bodyBytes: z
          .int()
          .min(1_024)
          .max(1_073_741_824)
          .optional()
          .describe('Longest request body, bytes. Default 20971520: prompts may contain images.'),
        headerBytes: z
          .int()
          .min(1_024)
          .max(1_048_576)
          .optional()
          .describe('Longest request headers together, bytes. Default 16384.'),
        concurrentPerClient: count
          .optional()
          .describe('Answers that one client address may have under way. Default 1000.'),
        concurrent: count.optional().describe('Answers under way for all clients together. Default 4000.'),
      })
      .optional()
      .describe('Limits on what clients may send.'),
    drainMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .optional()
      .describe('When it is stopped, running answers may take this long to finish, ms. Default 30000.'),
  })
  .describe('Where and how the gateway listens. A reload does not change it.');

/** The config file. */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Address of this schema, for editors.'),
    routes: z
      .record(text, route)
      .describe('For each model name that clients may ask for: the models that answer.'),
    defaultRoute: text
      .optional()
      .describe('The route for every model name that no route has. Default: such a request is refused.'),
    defaults: z
      .strictObject(routeSettings)
      .optional()
      .describe('Settings of every route that does not set them.'),
    server: server.optional(),
    store: z
      .strictObject({
        file: text
          .optional()
          .describe('File that the processes of this machine share, and from which the next start learns.'),
        valkey: z
          .strictObject({
            urlVariable: variable
              .optional()
              .describe(
                'Environment variable with the address, redis://user:password@host:6379/0. Default VALKEY_URL, then REDIS_URL.',
              ),
            keyPrefix: text.optional().describe('Every key begins with it. Default firstword.'),
            caFile: text
              .optional()
              .describe('File of a certificate authority to trust in addition to those of Node, PEM.'),
          })
          .optional()
          .describe(
            'A Valkey or Redis server that machines share. Without it nothing waits and nothing fails.',
          ),
        maxAgeMs: z
          .int()
          .min(1_000)
          .max(31_536_000_000)
          .optional()
          .describe('Older times are ignored, ms. Default 86400000: one day.'),
      })
      .optional()
      .describe(
        'Where measured times, open breakers and rate limits are shared. Default: within the process.',
      ),
  })
  .meta({
    title: 'firstword gateway',
    description:
      'Routes of the Firstword gateway. API keys are read from the environment, never from this file.',
  });

/** The config file as written. */
export type GatewayConfig = z.infer<typeof configSchema>;
/** One route as written: its models, or an object with models and settings. */
export type RouteConfig = GatewayConfig['routes'][string];
/** Settings of a route, all optional. */
export type RouteSettingsConfig = NonNullable<GatewayConfig['defaults']>;
/** One model as written: a spec, or an object with settings of its own. */
export type ModelConfig = z.infer<typeof modelEntry>;
/** Where the gateway shares what it learns, all optional. */
export type StoreConfig = NonNullable<GatewayConfig['store']>;
/** Where and how the gateway listens, all optional. */
export type ServerConfig = NonNullable<GatewayConfig['server']>;

/** The published JSON Schema of the config file (`schema/gateway.schema.json`), from which editors complete it. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input' }) as Record<string, unknown>;
}
