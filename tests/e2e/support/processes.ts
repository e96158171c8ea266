import { readdirSync, readFileSync } from 'node:fs';

/** One running process of this machine. */
export interface RunningProcess {
  pid: number;
  parent: number;
  /** Id of its process group. */
  group: number;
  command: string;
}

/** All processes that run now, from /proc (Linux only). Zombies do not count. */
export function processes(): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The command name is in brackets and may contain anything. The next fields are state, parent and group.
        const [state, parent, group] = readFileSync(`/proc/${name}/stat`, 'utf8')
          .split(') ')
          .at(-1)!
          .split(' ');
        if (state === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(parent), group: Number(group), command }];
      } catch {
        return []; // It has ended in the meantime.
      }
    });
}
