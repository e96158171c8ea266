import { readFileSync } from 'node:fs';
import type { Command } from 'commander';

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

/** Whether the command will measure speech engines, for which it needs LiveKit and the embedded speech. */
export function needsSpeech(command: Command): boolean {
  const { resume } = command.opts<{ resume?: string }>();
  return (resume === undefined ? command.args : resumedTargets(resume)).some(isSpeech);
}
