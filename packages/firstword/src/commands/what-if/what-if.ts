import {
  type ProviderTtft,
  parseSetting,
  readWhatIfInput,
  renderWhatIf,
  WHAT_IF_CHANGES,
  whatIf,
} from '@firstword/doctor';
import { findProfile, PROFILES } from '@firstword/emulator';
import { unreadNotes } from '@firstword/records';
import { FirstwordError } from '@firstword/turn';
import { stopSignal } from '../../stop-signal.js';
import { styleOf } from '../../terminal/style.js';
import { ReportProgress } from '../report/progress.js';
import type { WhatIfCommandOptions } from './options.js';

const DEFAULT_PATH = 'firstword-out';

/** Published delays by profile name or model, or those of a provider's first profile. */
function figuresOf(name: string): ProviderTtft | undefined {
  const profile =
    findProfile(name) ?? PROFILES.find(({ provider, synthetic }) => provider === name && !synthetic);
  return profile && { ...profile.ttft, source: `${profile.name}: ${profile.source}` };
}

const FIGURE_NAMES = PROFILES.flatMap(({ name, model, provider }) => [name, model, provider]);

/** Checks the names of the changes before anything is read. */
function checkNames(settings: readonly string[]): void {
  if (settings.length === 0) {
    const names = WHAT_IF_CHANGES.map(({ name }) => name).join(', ');
    throw new FirstwordError('bad_input', `name a change with --set, such as --set warm. Changes: ${names}`);
  }
  for (const setting of settings) parseSetting(setting);
}

/** `firstword what-if`. */
export async function whatIfCommand({ paths, set, seed, json }: WhatIfCommandOptions): Promise<void> {
  checkNames(set);
  const signal = stopSignal();
  const progress = new ReportProgress();
  try {
    const { turns, found, read } = await readWhatIfInput(paths.length > 0 ? paths : [DEFAULT_PATH], {
      signal,
      onProgress: (done) => progress.show('Reading the turns …', done),
    });
    progress.show('Replaying …', undefined);
    const result = whatIf(turns, { set, seed, figuresOf, figureNames: FIGURE_NAMES });
    progress.clear();
    const { stdout, stderr } = process;
    if (json) return void stdout.write(`${JSON.stringify({ ...result, found, read })}\n`);
    stdout.write(`\n${renderWhatIf(result, styleOf(stdout))}`);
    if (found > turns.length) stderr.write(`a random ${turns.length} of ${found} turns were replayed\n`);
    for (const note of unreadNotes(read)) stderr.write(`${note}\n`);
  } finally {
    progress.clear();
  }
}
