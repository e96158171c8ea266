import { describe, expect, it } from 'vitest';
import { TokenUsage } from './token-usage.js';

const request = { messages: [{ role: 'user' as const, content: 'x'.repeat(40) }] };

describe('Meter', () => {
  it('estimates what was sent and what has come by now', () => {
    const meter = new TokenUsage(request);
    meter.add({ type: 'text', text: 'y'.repeat(9) });
    expect(meter).toMatchObject({ promptTokens: 10, completionTokens: 3, estimated: true });
  });

  it('believes the provider once it tells', () => {
    const meter = new TokenUsage(request);
    meter.add({ type: 'text', text: 'yes' });
    meter.add({ type: 'usage', usage: { promptTokens: 90, completionTokens: 7 } });
    expect(meter).toMatchObject({ promptTokens: 90, completionTokens: 7, estimated: false });
  });

  it('counts tools and what an assistant asked of them', () => {
    const toolCalls = [{ id: '1', name: 'book', arguments: '{"n":2}' }];
    const meter = new TokenUsage({
      messages: [{ role: 'assistant', content: '', toolCalls }],
      tools: [{ name: 'book', parameters: {} }],
    });
    expect(meter.promptTokens).toBeGreaterThan(8);
  });
});
