import { expect, it } from 'vitest';
import { diagnose } from '../diagnose.js';
import { examineText } from '../read/examine.js';
import { diagnosisMarkdown } from './doctor-markdown.js';

const EVIL = 'x](http://evil.example) <img src=x> `|` \u001b[31m';

it('escapes every text that may have a name from a file in it, and keeps our own code', () => {
  const plain = diagnose(examineText('{"type":"message"}'));
  const remedy = { text: `set \`minDelay\` for ${EVIL}`, code: 'a\n```\n<b>' };
  const finding = {
    rule: 'x',
    rank: 1,
    title: EVIL,
    verdict: `\`llm\` is ${EVIL}`,
    evidence: [{ text: EVIL, turns: 1, examples: [{ callId: EVIL, turn: 1 }] }],
    confidence: { value: 1, why: EVIL },
    fix: { livekit: remedy, firstword: remedy },
    check: EVIL,
    experiment: EVIL,
    rivals: [],
    logNext: remedy,
    docs: 'file:///x',
    level: 'high',
  };
  const text = diagnosisMarkdown({ ...plain, verdict: EVIL, findings: [finding as never] });
  const outsideCode = text.replace(/^ {2}(`{4,})ts\n[\s\S]*?^ {2}\1$/gm, '').replace(/`[^`\n]*`/g, '');
  expect(text).toContain('`llm` is');
  expect(text).toContain('set `minDelay` for');
  expect(outsideCode).not.toMatch(/[^\\](\]\(|<)/);
  expect(text).not.toContain('\u001b');
});
