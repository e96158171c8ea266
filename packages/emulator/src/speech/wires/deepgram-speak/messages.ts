import { z } from 'zod';

/** What a client of Deepgram's `/v1/speak` sends. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Speak'), text: z.string() }),
  z.object({ type: z.literal('Flush') }),
  z.object({ type: z.literal('Clear') }),
  z.object({ type: z.literal('Close') }),
]);

/** The first message of a connection. */
export function metadata(requestId: string, model: string): object {
  return { type: 'Metadata', request_id: requestId, model_name: model, model_version: 'emulated' };
}
