import { groupBy } from '@firstword/turn/statistics';
import { confidenceFrom, evidenceLine } from '../figures.js';
import { isSameModel, RETIRED_MODELS } from '../references.js';
import type { Rule } from '../rule.js';
import { findingOf, sameRemedy } from './finding-of.js';

interface Named {
  provider: string;
  model: string;
  atMs: number;
}

const retirementOf = ({ provider, model, atMs }: Named) =>
  RETIRED_MODELS.find(
    (one) =>
      provider.toLowerCase().includes(one.provider) &&
      isSameModel(one.model, model) &&
      Date.parse(one.on) <= atMs,
  );

/** Finds models that their provider no longer serves. */
export const modelRetired: Rule = {
  id: 'model-retired',
  title: 'The model is retired, or was refused',
  looksFor: 'models that their provider no longer serves, and refusals that name it',
  needs: 'the name of the model, or the refusal',
  part: 'LLM',
  examine(evidence) {
    const asked = evidence.turns.flatMap((turn) =>
      [...(turn.llm ? [turn.llm] : []), ...(turn.llm?.attempts ?? [])].map((one) => ({
        turn,
        provider: one.provider,
        model: one.model,
        atMs: turn.atMs,
        refused: 'error' in one && one.error?.includes('model_not_found') === true,
      })),
    );
    const bad = asked.filter((one) => one.refused || retirementOf(one));
    const events = evidence.events.filter(({ kind }) => kind === 'model refused');
    const found = [...groupBy(bad, ({ provider, model }) => `${provider} ${model}`)].map(([name, ones]) => {
      const retired = retirementOf(ones[0]!);
      const instead = retired
        ? ` Take ${retired.instead} (${retired.source}).`
        : ' Ask `GET /v1/models` what there is.';
      const since = retired ? `is retired since ${retired.on}` : 'was refused as unknown';
      const answers = ones.every(
        ({ refused, turn }) => !refused && turn.gapMs !== undefined && turn.llm?.requests === 1,
      );
      return findingOf(this, {
        verdict: answers
          ? `${name} was announced to be retired on ${retired!.on}, and still answers here: under its own name, or by a substitute.`
          : `${name} ${since}: requests for it get a substitute, a failover or an error.`,
        evidence: [evidenceLine(`${name} ${since}`, [...new Set(ones.map(({ turn }) => turn))])],
        ...(answers ? {} : { isBroken: true as const }),
        confidence: answers
          ? confidenceFrom(0.4, ones.length, 'the provider published the date, and the model answers')
          : confidenceFrom(
              retired ? 0.9 : 0.95,
              ones.length * 2,
              retired ? 'the provider published the date' : 'the provider said so',
            ),
        fix: sameRemedy(
          `Change the name of the model.${instead}`,
          retired ? `model: '${retired.instead}'` : 'curl $BASE_URL/models -H "Authorization: Bearer $KEY"',
        ),
        check: 'No request names it any more, and none fails with `model_not_found`.',
      });
    });
    if (events.length === 0) return found;
    const [first] = events;
    return [
      ...found,
      findingOf(this, {
        verdict: `The log says ${events.length} times that ${first!.subject ?? 'a model'} does not exist or is not available to you.`,
        evidence: events.slice(0, 3).map(({ place }) => evidenceLine(`refused at ${place}`, [])),
        isBroken: true,
        confidence: confidenceFrom(0.9, events.length, 'the provider said so'),
        fix: sameRemedy(
          'List the models that the provider serves, and change the name',
          'curl $BASE_URL/models -H "Authorization: Bearer $KEY"',
        ),
        check: 'The refusals are gone from the log.',
      }),
    ];
  },
};
