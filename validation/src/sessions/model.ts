import { type CustomProfile, type Emulator, startEmulator } from '@firstword/emulator';
import {
  type ChatRequest,
  type ChatStream,
  type HttpModel,
  type LanguageModel,
  openAiCompatible,
  router,
} from '@firstword/llm';
import { type SetUp, setUpOf } from '../doctor-corpus/set-up.js';

const OWN_PROFILE = 'own';
/** Longer than any answer takes: effectively disables a timeout, ms. */
const NEVER_MS = 60_000;

/** The language model of a setup, backed by emulators on real sockets. */
export interface SetUpModel {
  model: LanguageModel;
  close(): Promise<void>;
}

/** Wraps a model so that `change` modifies each request. */
function changing(
  model: LanguageModel,
  change: (request: ChatRequest, nth: number) => ChatRequest,
): LanguageModel {
  let nth = 0;
  return {
    provider: model.provider,
    model: model.model,
    chat: (request, options) => model.chat(change(request, nth++), options),
    warm: (options) => model.warm(options),
    close: () => model.close(),
  };
}

/** A common mistake: a new client for every request, so that each one opens a new connection. */
function coldEachTime(open: () => HttpModel): LanguageModel {
  const opened: HttpModel[] = [];
  const { provider, model } = open();
  return {
    provider,
    model,
    chat(request, options): ChatStream {
      const own = open();
      opened.push(own);
      return own.chat(request, options);
    },
    warm: async () => {},
    close: async () => void (await Promise.all(opened.map((one) => one.close()))),
  };
}

/** Deterministic instructions of about this many tokens. */
function instructions(tokens: number): string {
  const rule = (at: number) =>
    `Rule ${at}: a table for more than ${(at % 9) + 2} guests is asked about first.`;
  return Array.from({ length: Math.ceil(tokens / 16) }, (_, at) => rule(at)).join(' ');
}

function changeOf({ llm }: SetUp): ((request: ChatRequest, nth: number) => ChatRequest) | undefined {
  const { changing: what, promptTokens = 0, reasoningEffort } = llm;
  if (!what && promptTokens === 0 && !reasoningEffort) return undefined;
  const rules = instructions(promptTokens);
  return (request, nth) => {
    const clock = what === 'system prompt' ? `It is second ${nth * 7} of the day. ` : '';
    const [first, ...rest] = request.messages;
    const system = { role: 'system' as const, content: `${clock}${String(first?.content ?? '')} ${rules}` };
    const tools =
      what === 'tools'
        ? [{ name: `list_${nth}`, description: 'lists', parameters: { type: 'object', properties: {} } }]
        : [];
    return {
      ...request,
      messages: promptTokens > 0 ? [system, ...rest] : request.messages,
      ...(tools.length > 0 ? { tools: [...tools, ...(request.tools ?? [])] } : {}),
      ...(reasoningEffort ? { extra: { ...request.extra, reasoning_effort: reasoningEffort } } : {}),
    };
  };
}

function ownProfile({ profile, tokensPerSecond }: SetUp['llm']): CustomProfile | undefined {
  if (typeof profile === 'string') return undefined;
  return { name: OWN_PROFILE, ttft: profile, source: 'made for the corpus', tokensPerSecond };
}

function start(setUp: SetUp, seed: number, withFaults: boolean): Promise<Emulator> {
  const { llm } = setUp;
  const own = ownProfile(llm);
  const rules = llm.faults?.rules.map(({ profile: _, ...rule }) => rule);
  return startEmulator({
    seed,
    profile: own ? OWN_PROFILE : (llm.profile as string),
    ...(own ? { profiles: [own] } : { tokensPerSecond: llm.tokensPerSecond }),
    ...(withFaults && rules ? { faults: { rules } } : {}),
    ...(llm.isByQuestion ? { ttftSequence: 'per-question' as const } : {}),
    ...(llm.limits ? { limits: llm.limits } : {}),
    ...(llm.rttMs === undefined ? {} : { network: { rttMs: llm.rttMs }, tls: true }),
  });
}

/** Opens the model of one call. Every call has its own emulators, so that limits and faults of one do not affect others. */
export async function modelOf(setUp: SetUp, seed: number): Promise<SetUpModel> {
  const { llm } = setUp;
  const emulator = await start(setUp, seed, true);
  const emulators = [emulator];
  const client =
    (from: Emulator, provider = from.profile.provider) =>
    () =>
      openAiCompatible({
        baseUrl: from.url,
        provider,
        model: from.profile.model,
        ...(from.caPem === undefined ? {} : { ca: from.caPem }),
      });
  let model: LanguageModel = llm.isColdEachTime ? coldEachTime(client(emulator)) : client(emulator)();
  if (llm.failoverAfterMs !== undefined) {
    const backup = await start(setUp, seed + 1, false);
    emulators.push(backup);
    model = router({
      models: [model, client(backup, 'vllm')()],
      firstContentDeadlineMs: llm.failoverAfterMs,
      hedge: { budget: 0 },
      breaker: { threshold: 1_000 },
    });
  }
  if (llm.hedge) {
    const { profile, afterMs } = llm.hedge;
    const other = await start(setUpOf({ llm: { ...llm, profile } }), seed + 1, false);
    emulators.push(other);
    model = router({
      models: [model, client(other)()],
      firstContentDeadlineMs: NEVER_MS,
      hedge: { budget: afterMs === undefined ? 0 : 1, initialDelayMs: afterMs ?? NEVER_MS },
      stall: { beforeClauseMs: NEVER_MS },
    });
  }
  if (llm.asksRetired) {
    const gone = await startEmulator({ seed, strict: true });
    emulators.push(gone);
    const retired = openAiCompatible({
      baseUrl: gone.url,
      provider: 'groq',
      model: 'llama-3.1-70b-versatile',
    });
    model = router({ models: [retired, model], hedge: { budget: 0 }, breaker: { threshold: 1_000 } });
  }
  const change = changeOf(setUp);
  if (change) model = changing(model, change);
  const close = async () => {
    await model.close();
    await Promise.all(emulators.map((one) => one.close()));
  };
  return { model, close };
}
