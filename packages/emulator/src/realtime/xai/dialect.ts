import type { OpenAIDialect } from '../openai/dialect.js';

/**
 * xAI's use of OpenAI's events, November 2026: from its API reference (no positions of speech, `conversation.created`, server VAD
 * only, whole transcripts while the caller speaks) and from what LiveKit's plugin works around (responses left in flight, an item
 * that goes on after a pause, items anchored to one that was never announced). The default of 200 ms is that of LiveKit's plugin.
 */
export const XAI: OpenAIDialect = {
  wire: 'xai',
  defaultTurnDetection: {
    type: 'server_vad',
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: 200,
    create_response: true,
    interrupt_response: true,
  },
  hasSemanticVad: false,
  hasFlatSession: true,
  announcesConversation: true,
  reportsPositions: false,
  streamsTranscripts: true,
  abandonsResponses: true,
  wrongKey: 'Incorrect API key provided. You can obtain an API key from https://console.x.ai.',
};
