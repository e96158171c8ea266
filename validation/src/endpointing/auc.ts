/**
 * Share of pairs of an end and a pause in which the end has the higher probability: the area under the ROC curve. 0.5 is chance, 1 is
 * perfect.
 */
export function auc(answers: readonly { probability: number; end: boolean }[]): number {
  const ends = answers.filter(({ end }) => end);
  const pauses = answers.filter(({ end }) => !end);
  let higher = 0;
  for (const { probability: a } of ends)
    for (const { probability: b } of pauses) higher += a > b ? 1 : a === b ? 0.5 : 0;
  return higher / (ends.length * pauses.length);
}
