import { DEFAULT_ENDPOINTING, ManualClock } from '@firstword/turn';
import { beforeEach, describe, expect, it } from 'vitest';
import { EndpointingPolicy, type Expects } from './endpointing.js';
import { endpointingOptions, planSession } from './session-plan.js';

const clock = new ManualClock({ nowMs: 50_000 });

function policyWith(expects?: Expects): EndpointingPolicy {
  const policy = new EndpointingPolicy({ ...DEFAULT_ENDPOINTING, expects }, clock);
  policy.attach();
  return policy;
}

/** How the policy judges the caller's words, at a pause after them. */
async function endingOf(
  policy: EndpointingPolicy,
  text: string,
  language?: string,
): Promise<string | undefined> {
  policy.onWords(text, { final: true, language });
  void policy.waitForEnd(async () => 0.9);
  await new Promise((resolve) => setImmediate(resolve));
  return policy.decision?.ending;
}

describe('what the agent asked for', () => {
  let policy: EndpointingPolicy;
  beforeEach(() => {
    policy = policyWith();
  });

  it('makes too few digits incomplete, and enough of them answered, over several finals', async () => {
    policy.onAgentWords('Sure. What is your phone number?');
    expect(await endingOf(policy, 'five five five')).toBe('incomplete');
    policy.onSpeech();
    expect(await endingOf(policy, 'one two three four five six seven')).toBe('answered');
  });

  it('makes a yes answered', async () => {
    policy.onAgentWords('That is Tuesday at three. Is that right?');
    expect(await endingOf(policy, 'Yes.')).toBe('answered');
  });

  it('does not outvote words after which more has to follow', async () => {
    policy.onAgentWords('Is there anything else I can help you with?');
    expect(await endingOf(policy, 'No, but I would like to')).toBe('incomplete');
  });

  it('holds until the agent says something else', async () => {
    policy.onAgentWords('What is your phone number?');
    policy.onCommit();
    expect(await endingOf(policy, 'five five')).toBe('incomplete');
    policy.onAgentWords('Thank you.');
    policy.onCommit();
    expect(await endingOf(policy, 'five five')).toBe('complete');
  });

  it('is read in the language of the caller', async () => {
    policy.onAgentWords('Wie lautet Ihre Telefonnummer?');
    expect(await endingOf(policy, 'null eins', 'de')).toBe('incomplete');
  });

  it('changes nothing where nothing is known', async () => {
    expect(await endingOf(policy, 'five')).toBe('complete');
    policy.onAgentWords('How can I help you?');
    expect(await endingOf(policy, 'five')).toBe('complete');
  });
});

describe('the option `expects`', () => {
  it('may be one answer for every turn', async () => {
    const policy = policyWith('digits(6)');
    policy.onAgentWords('Your code, please.');
    expect(await endingOf(policy, '123')).toBe('incomplete');
  });

  it('may be a function of the agent’s words, with the rules where it returns nothing', async () => {
    const policy = policyWith((said) => (said.includes('code') ? 'spelling(6)' : undefined));
    policy.onAgentWords('Your booking code?');
    expect(await endingOf(policy, 'A B C')).toBe('incomplete');
    policy.onAgentWords('Is that right?');
    policy.onCommit();
    expect(await endingOf(policy, 'Yes')).toBe('answered');
  });

  it('may turn the rules off', async () => {
    const policy = policyWith(() => 'anything');
    policy.onAgentWords('What is your phone number?');
    expect(await endingOf(policy, 'five five')).toBe('complete');
  });

  it('falls back to the rules if the function fails or returns nonsense', async () => {
    for (const expects of [
      () => 'digit(10)',
      () => {
        throw new Error('bad');
      },
    ]) {
      const policy = policyWith(expects);
      policy.onAgentWords('What is your phone number?');
      expect(await endingOf(policy, 'five five')).toBe('incomplete');
    }
  });

  it('reaches the policy, and is checked', () => {
    expect(endpointingOptions({ expects: 'digits(4)', endpointing: 'quick' }, true).expects).toBe(
      'digits(4)',
    );
    expect(() => planSession({}, { expects: 'digit(4)' })).toThrow('Did you mean digits?');
  });
});
