import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WireReader, WireSignal } from '../../wire/wire.js';
import { ReasoningTagReader } from './reasoning-tags.js';

const silent: WireReader = { read: () => [], end: () => [] };

function read(pieces: string[]): { reasoning: string; text: string } {
  const reader = new ReasoningTagReader(silent);
  const signals = [
    ...pieces.flatMap((text) => reader.sorted([{ type: 'text', text }])),
    ...reader.sorted([{ type: 'finish', reason: 'stop' }]),
  ];
  const said = (type: WireSignal['type']) =>
    signals.map((signal) => (signal.type === type && 'text' in signal ? signal.text : '')).join('');
  return { reasoning: said('reasoning'), text: said('text') };
}

const cut = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 8 }).map((places) => {
    const at = [0, ...[...places].sort((a, b) => a - b), text.length];
    return at.slice(1).map((end, index) => text.slice(at[index]!, end));
  });

test.each([
  [
    '<reasoning>They ask for the hours.</reasoning>We open at nine.',
    'They ask for the hours.',
    'We open at nine.',
  ],
  ['<reasoning>a < b </reason</reasoning>\n\nYes.', 'a < b </reason', '\n\nYes.'],
  ['We open at nine.', '', 'We open at nine.'],
  ['<reason why', '', '<reason why'],
  ['Say <reasoning> twice.', '', 'Say <reasoning> twice.'],
  ['<reasoning>never closed </reas', 'never closed </reas', ''],
])('however it is cut: %s', (whole, reasoning, text) => {
  fc.assert(
    fc.property(cut(whole), (pieces) => {
      expect(read(pieces)).toEqual({ reasoning, text });
    }),
  );
});
