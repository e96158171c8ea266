import type { EmulatedToolChoice, OfferedTool } from '../../chat/chat.js';
import { type Fields, isFields, stringOr } from '../../wire/fields.js';
import { OUTPUT_RATE_HZ } from '../core/plan.js';
import { RealtimeRefusal } from '../core/refusal.js';
import type { TurnDetectionSetting } from '../core/turn-detection.js';
import type { OpenAIDialect } from './dialect.js';

const PCM = { type: 'audio/pcm', rate: OUTPUT_RATE_HZ };

/** The settings of a session, as the wire names them, and as the emulator reads them. */
export class SessionSettings {
  readonly #dialect: OpenAIDialect;
  #fields: Fields;

  /** @param emulated the profile's name: every session says that it is emulated */
  constructor(options: {
    dialect: OpenAIDialect;
    id: string;
    model: string;
    emulated: string;
    expiresAt: number;
  }) {
    this.#dialect = options.dialect;
    this.#fields = {
      type: 'realtime',
      object: 'realtime.session',
      id: options.id,
      model: options.model,
      output_modalities: ['audio'],
      instructions: '',
      tools: [],
      tool_choice: 'auto',
      max_output_tokens: 'inf',
      tracing: null,
      expires_at: options.expiresAt,
      audio: {
        input: {
          format: PCM,
          transcription: null,
          noise_reduction: null,
          turn_detection: options.dialect.defaultTurnDetection,
        },
        output: { format: PCM, voice: 'marin', speed: 1 },
      },
      firstword_emulated: options.emulated,
    };
  }

  /** The session as `session.created` and `session.updated` send it. */
  get fields(): Fields {
    const fields = this.#fields;
    return this.#dialect.hasFlatSession
      ? { ...fields, turn_detection: inputOf(fields).turn_detection }
      : fields;
  }

  /** @throws RealtimeRefusal for what the provider would refuse */
  update(value: unknown): void {
    if (!isFields(value))
      throw new RealtimeRefusal('missing_required_parameter', "Missing: 'session'.", 'session');
    if (value.type !== undefined && value.type !== 'realtime') {
      throw new RealtimeRefusal(
        'invalid_value',
        "The emulator has sessions of type 'realtime' only.",
        'session.type',
      );
    }
    const modalities = value.output_modalities;
    const isOne = modalities === undefined || (Array.isArray(modalities) && modalities.length === 1);
    if (!isOne) {
      const message = `Invalid modalities: ${JSON.stringify(modalities)}. Supported combinations are: ['text'] and ['audio'].`;
      throw new RealtimeRefusal('invalid_value', message, 'session.output_modalities');
    }
    const next = merged(this.#fields, value);
    const wanted = this.#wantedTurnDetection(value);
    if (wanted !== undefined) inputOf(next).turn_detection = wanted;
    this.#fields = next;
  }

  /** The turn detection that a client asks for, complete; `undefined` if it asks for none. */
  #wantedTurnDetection(session: Fields): Fields | null | undefined {
    const { hasFlatSession, hasSemanticVad, defaultTurnDetection } = this.#dialect;
    const { turn_detection: nested } = inputOf(session);
    // xAI expects it at the top of the session, but LiveKit's plugin for xAI sends it where OpenAI expects it.
    const wanted = hasFlatSession && session.turn_detection !== undefined ? session.turn_detection : nested;
    if (!isFields(wanted)) return wanted === null ? null : undefined;
    if (wanted.type === 'server_vad') return { ...defaultTurnDetection, ...wanted };
    if (hasSemanticVad && wanted.type === 'semantic_vad') return { ...DEFAULT_SEMANTIC, ...wanted };
    const known = hasSemanticVad ? "'server_vad', 'semantic_vad' and null" : "'server_vad' and null";
    const message = `Invalid value: '${String(wanted.type)}'. Supported values are: ${known}.`;
    throw new RealtimeRefusal('invalid_value', message, 'session.turn_detection.type');
  }

  get turnDetection(): TurnDetectionSetting | null {
    return inputOf(this.#fields).turn_detection as TurnDetectionSetting | null;
  }

  /** Whether the caller's words are to be reported. */
  get transcribes(): boolean {
    return isFields(inputOf(this.#fields).transcription);
  }

  /** Who transcribes the caller's words, as the client asks. */
  get transcriptionModel(): string | undefined {
    const { transcription } = inputOf(this.#fields);
    return isFields(transcription) ? stringOr(transcription.model, undefined) : undefined;
  }

  get instructions(): string {
    return stringOr(this.#fields.instructions, '');
  }

  modality(response: Fields): 'audio' | 'text' {
    const wanted = response.output_modalities ?? this.#fields.output_modalities;
    return Array.isArray(wanted) && wanted.includes('audio') ? 'audio' : 'text';
  }

  tools(response: Fields): OfferedTool[] {
    const tools = response.tools ?? this.#fields.tools;
    return (Array.isArray(tools) ? tools : []).filter(isFields).map((tool) => ({
      name: stringOr(tool.name, ''),
      description: stringOr(tool.description, ''),
      parameters: isFields(tool.parameters) ? tool.parameters : {},
    }));
  }

  toolChoice(response: Fields): EmulatedToolChoice {
    const choice = response.tool_choice ?? this.#fields.tool_choice;
    if (isFields(choice)) return { name: stringOr(choice.name, '') };
    return choice === 'none' || choice === 'required' ? choice : 'auto';
  }
}

const DEFAULT_SEMANTIC = { eagerness: 'auto', create_response: true, interrupt_response: true };

function inputOf(session: Fields): Fields {
  const { audio } = session;
  return isFields(audio) && isFields(audio.input) ? audio.input : {};
}

/** `base` with the fields of `changes`. Objects are merged; lists and `null` replace. */
function merged(base: Fields, changes: Fields): Fields {
  const result = { ...base };
  for (const [name, value] of Object.entries(changes)) {
    const before = result[name];
    if (value !== undefined)
      result[name] = isFields(value) ? merged(isFields(before) ? before : {}, value) : value;
  }
  return result;
}
