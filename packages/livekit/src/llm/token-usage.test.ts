import { describe, expect, it } from 'vitest';
import { TokenUsage } from './token-usage.js';

const request = { messages: [{ role: 'user' as const, content: 'x'.repeat(40) }] };

describe('TokenUsage', () => {
  it('estimates prompt tokens and the completion tokens received so far', () => {
    const usage = new TokenUsage(request);
    usage.add({ type: 'text', text: 'y'.repeat(9) });
    expect(usage).toMatchObject({ promptTokens: 10, completionTokens: 3, estimated: true });
  });

  it('uses the provider’s numbers once they arrive', () => {
    const usage = new TokenUsage(request);
    usage.add({ type: 'text', text: 'yes' });
    usage.add({ type: 'usage', usage: { promptTokens: 90, completionTokens: 7 } });
    expect(usage).toMatchObject({ promptTokens: 90, completionTokens: 7, estimated: false });
  });

  it('counts tool definitions and tool calls', () => {
    const toolCalls = [{ id: '1', name: 'book', arguments: '{"n":2}' }];
    const usage = new TokenUsage({
      messages: [{ role: 'assistant', content: '', toolCalls }],
      tools: [{ name: 'book', parameters: {} }],
    });
    expect(usage.promptTokens).toBeGreaterThan(8);
  });
});
