import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CALLER, type PackageSet, REALTIME } from '../../fetched/package-set.js';

const isRealtime = (target: unknown) => typeof target === 'string' && target.startsWith('realtime:');
const isSpeech = (target: unknown) => typeof target === 'string' && /^(stt|tts):/.test(target);

/** The targets of the run that is to be resumed. An unreadable file is reported when the command reads it. */
function resumedTargets(file: string): unknown[] {
  for (const path of [`${file}.part`, file]) {
    try {
      const [header = ''] = readFileSync(path, 'utf8').split('\n', 1);
      const { plan } = JSON.parse(header) as { plan?: { targets?: unknown[] } };
      return plan?.targets ?? [];
    } catch {}
  }
  return [];
}

/** The packages that the command needs besides its own: LiveKit and the embedded speech for what hears or speaks. */
export function neededPackages(command: Command): PackageSet | undefined {
  const { resume } = command.opts<{ resume?: string }>();
  const targets = resume === undefined ? command.args : resumedTargets(resume);
  if (targets.some(isRealtime)) return REALTIME;
  return targets.some(isSpeech) ? CALLER : undefined;
}

/** Whether every target hears or speaks: opening a connection is one of its figures. */
export const measuresNoLlm = ({ args }: Command): boolean =>
  args.length > 0 && args.every((target) => isSpeech(target) || isRealtime(target));
