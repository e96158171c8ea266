import type { ChatRequest } from '../../chat.js';

/** The request that asks another model to continue an answer where it broke off. */
export function continuation(request: ChatRequest, spoken: string): ChatRequest {
  // A client's own body asks for the answer from its beginning.
  const { raw: _raw, ...converted } = request;
  return {
    ...converted,
    messages: [
      ...request.messages,
      { role: 'assistant', content: spoken },
      {
        role: 'user',
        content:
          '(The connection broke while you were speaking. Go on from exactly where your last message stops, ' +
          'repeat nothing, and do not mention this.)',
      },
    ],
  };
}
