import { median } from '@firstword/turn/statistics';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOnSilences } from '../figures.js';
import type { Rule } from '../rule.js';
import { findingOf } from './finding-of.js';
import { stopsOf } from './stops.js';

const MIN_STOPS = 3;
/** A stop from which callers notice that the agent talks on, ms. */
const SLOW_MS = 350;
/** What remains where the agent stops at the caller's first sound, ms. */
const AT_ONCE_MS = 150;

/** Finds agents that talk on when the caller breaks in. */
export const bargeInSlow: Rule = {
  id: 'barge-in-slow',
  title: 'The agent talks on when the caller breaks in',
  looksFor: 'interruptions after which the agent could still be heard for long',
  needs: 'Firstword’s records, with interruptions',
  part: 'interruptions',
  examine(evidence) {
    const stops = stopsOf(evidence).filter(({ isFalse }) => !isFalse);
    const middle = median(stops.map(({ stopMs }) => stopMs));
    if (stops.length < MIN_STOPS || middle === undefined || middle < SLOW_MS) return [];
    const saving = savingOnSilences(
      stops.map(({ stopMs }) => ({ ms: stopMs, savedMs: stopMs - AT_ONCE_MS })),
      `the agent stops ${AT_ONCE_MS} ms after the caller's first sample`,
    );
    if (!isNoticeable(saving)) return [];
    const worst = new Map(stops.map(({ turn, stopMs }) => [turn, stopMs]));
    return [
      findingOf(this, {
        verdict: `After ${stops.length} interruptions the agent could still be heard for ${ms(middle)}, half of the time longer.`,
        evidence: [
          evidenceLine(
            `caller’s first sample to the agent’s last, median ${ms(middle)}`,
            [...worst.keys()],
            (turn) => worst.get(turn)!,
          ),
        ],
        confidence: confidenceFrom(0.9, stops.length, 'both ends were measured on the audio'),
        saving,
        savingOf: 'bargeIn',
        fix: {
          livekit: {
            text: 'Let a shorter sound stop the agent, and let it go on sooner if no words follow. More coughs stop it then; LiveKit Cloud’s adaptive interruption tells them apart',
            code: 'const session = new voice.AgentSession({ stt, llm, tts, turnHandling: { interruption: { minDuration: 200, falseInterruptionTimeout: 1000 } } });',
            python:
              'AgentSession(turn_handling={"interruption": {"min_duration": 0.2, "false_interruption_timeout": 1.0}})',
          },
          firstword: {
            text: 'The lever `bargeIn` stops at the caller’s first sound, and goes on after sounds without words. It is idle where `minDuration` or `minWords` is set, or a realtime model answers',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { bargeIn: true } } })',
          },
        },
        check: '`firstword report --budget bargeIn.p95=250` exits with 0.',
      }),
    ];
  },
};
