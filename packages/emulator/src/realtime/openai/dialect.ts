import type { Fields } from '../../wire/fields.js';
import { DEFAULT_SILENCE_MS } from '../core/turn-detection.js';

/** What differs between the providers that use OpenAI's events. */
export interface OpenAIDialect {
  wire: 'openai' | 'xai';
  /** What a session has if the client says nothing. */
  defaultTurnDetection: Fields;
  hasSemanticVad: boolean;
  /** `turn_detection` and `voice` are fields of the session itself, not of its audio. */
  hasFlatSession: boolean;
  /** The first event is `conversation.created`. */
  announcesConversation: boolean;
  /** The caller's speech has positions: `audio_start_ms` and `audio_end_ms`. */
  reportsPositions: boolean;
  /** The caller's words so far are sent while the caller speaks, each time whole. */
  streamsTranscripts: boolean;
  /**
   * A caller who speaks again before the answer has begun goes on with the same item: the response under way is left without a
   * `response.done`.
   */
  abandonsResponses: boolean;
  /** What the provider says to a wrong key. */
  wrongKey: string;
}

/** OpenAI, from its API reference, November 2026. */
export const OPENAI: OpenAIDialect = {
  wire: 'openai',
  defaultTurnDetection: {
    type: 'server_vad',
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: DEFAULT_SILENCE_MS,
    idle_timeout_ms: null,
    create_response: true,
    interrupt_response: true,
  },
  hasSemanticVad: true,
  hasFlatSession: false,
  announcesConversation: false,
  reportsPositions: true,
  streamsTranscripts: false,
  abandonsResponses: false,
  wrongKey:
    'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.',
};
