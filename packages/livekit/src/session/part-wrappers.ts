import type { Speculator } from '@firstword/turn';
import { inference, llm, type stt, type tts } from '@livekit/agents';
import { PreparedLLM } from '../llm/prepared-llm.js';
import { EagerSTT } from '../stt/eager-stt.js';
import { LocalSTT } from '../stt/local-stt.js';
import { PromptVAD } from '../stt/prompt-vad.js';
import { ClauseTTS } from '../tts/clause-tts.js';
import { emptyLearnedState } from './learned-state.js';
import type { SessionPlan } from './session-plan.js';
import { type TunedOptions, tuneSTT, tuneTTS } from './vendors/tune.js';

/** Wraps the STTs, LLMs and TTSs of a session, each once, where a lever needs it. Firstword's own wrappers stay as they are. */
export class PartWrappers {
  readonly #plan: SessionPlan;
  /** Counts the speculations of all STTs of the session. */
  readonly #speculator: Speculator;
  readonly #stts = new Map<stt.STT, stt.STT>();
  readonly #llms = new Map<llm.LLM, llm.LLM>();
  readonly #ttss = new Map<tts.TTS, tts.TTS>();
  /** Options of the parts that a lever has set, by path. */
  readonly changes: Record<string, unknown> = {};

  constructor(plan: SessionPlan) {
    const { speculation, learning } = plan.firstword;
    this.#plan = plan;
    this.#speculator = (learning ?? emptyLearnedState({ speculation })).speculator;
  }

  stt(part: stt.STT): stt.STT {
    const { levers, idle } = this.#plan;
    if (!levers.speculation || idle.speculation !== undefined) return part;
    if (part instanceof EagerSTT || whySttNotWrapped(part)) return part;
    return once(this.#stts, part, () => this.#eagerSTT(part));
  }

  llm<Part extends llm.LLM | llm.RealtimeModel>(part: Part): Part | PreparedLLM {
    const { prepare } = this.#plan.firstword;
    if (!prepare || !(part instanceof llm.LLM) || part instanceof PreparedLLM) return part;
    return once(this.#llms, part, () => new PreparedLLM(part, prepare)) as PreparedLLM;
  }

  /** @param expressive the agent uses the TTS's markup, which `ClauseTTS` does not pass on */
  tts(part: tts.TTS, expressive = false): tts.TTS {
    const { levers } = this.#plan;
    if (!levers.clause && !levers.trimSilence) return part;
    if (part instanceof ClauseTTS || this.whyTtsNotWrapped(part, expressive)) return part;
    return once(this.#ttss, part, () => this.#clauseTTS(part));
  }

  /** Why a TTS is used as it is; `undefined` if it is wrapped. */
  whyTtsNotWrapped(part: tts.TTS, expressive: boolean): string | undefined {
    if (expressive && part instanceof inference.TTS && part.markup.supported)
      return 'expressive is on, and its markup goes to the TTS';
    if (this.#plan.given.useTtsAlignedTranscript === true && part.capabilities.alignedTranscript)
      return 'useTtsAlignedTranscript is set, and the TTS reports word timings';
    return undefined;
  }

  /** Stops listening to the wrapped parts. They stay open: they are the user's. */
  release(): void {
    for (const part of this.#stts.values()) if (part instanceof EagerSTT) part.detach();
    for (const part of this.#llms.values()) if (part instanceof PreparedLLM) part.detach();
    for (const part of this.#ttss.values()) if (part instanceof ClauseTTS) part.detach();
    for (const map of [this.#stts, this.#llms, this.#ttss]) {
      for (const part of map.keys()) ignoreLateErrors(part);
      map.clear();
    }
  }

  #eagerSTT(part: stt.STT): EagerSTT {
    const { vad } = this.#plan.given;
    // LocalSTT reports pauses itself; other STTs get a VAD for it, unless the user wants none.
    const silence = part instanceof LocalSTT || vad === null ? {} : { vad: vad ?? new PromptVAD() };
    this.#note('stt', part, tuneSTT(part));
    return new EagerSTT(part, { ...silence, speculator: this.#speculator });
  }

  #clauseTTS(part: tts.TTS): ClauseTTS {
    const { levers, firstword } = this.#plan;
    const { clause, trimSilence } = levers;
    const { phrases, filler } = firstword;
    if (clause) this.#note('tts', part, tuneTTS(part));
    return new ClauseTTS(part, {
      clause,
      trimSilence,
      ...(phrases ? { phrases } : {}),
      ...(filler && clause ? { filler } : {}),
    });
  }

  #note(kind: 'stt' | 'tts', { label }: { label: string }, options: TunedOptions): void {
    for (const [name, setting] of Object.entries(options))
      this.changes[`${kind} ${label}: ${name}`] = setting;
  }
}

/** Why an STT is used as it is, so that nothing can be speculated on; `undefined` if it is wrapped. */
export function whySttNotWrapped(part: stt.STT): string | undefined {
  const { streaming, interimResults } = part.capabilities;
  if (!streaming) return 'the STT does not stream';
  if (!interimResults) return 'the STT sends no interim transcripts';
  return undefined;
}

const ignore = () => {};

/** Keeps an error that a part reports after the session has closed from ending the process, as one without a listener would. */
function ignoreLateErrors(part: stt.STT | llm.LLM | tts.TTS): void {
  if (!part.listeners('error').includes(ignore)) part.on('error', ignore);
}

function once<Part extends object>(known: Map<Part, Part>, part: Part, wrap: () => Part): Part {
  const wrapper = known.get(part) ?? wrap();
  known.set(part, wrapper);
  return wrapper;
}
