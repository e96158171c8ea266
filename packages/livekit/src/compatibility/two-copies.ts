import { extname, join, sep } from 'node:path';
import { FirstwordError } from '@firstword/turn';
import { compareVersions } from './agents-version.js';
import { fileOfFunction } from './function-file.js';
import { howToKeepOne, packageManagerOf } from './package-manager.js';
import { type InstalledPackage, packageOfFile, resolveFrom } from './package-of.js';

/** An object of another copy of a package. */
export interface ForeignPart {
  /** What the user calls it: `tts`, `agent.llm`. */
  part: string;
  /** The package that is loaded twice. */
  packageName: string;
  /** This copy's class, and the other copy's class of the same name. */
  ours: unknown;
  theirs: unknown;
  /** The class of the object itself, perhaps of a plugin. */
  made: unknown;
}

/** The file of a copy's class, and the package that it is in. */
interface Copy {
  file: string | undefined;
  package: InstalledPackage | undefined;
}

/** Measured with LiveKit 1.9.0: mute with another copy's LLM, agent or session; an unheard `error` event with its TTS. */
const EFFECT =
  'LiveKit does not recognise objects of another copy: the agent says nothing, or a failed request ends the process';

function copyWith(file: string | undefined): Copy {
  return { file, package: file === undefined ? undefined : packageOfFile(file) };
}

/** Without an inspector: the copy that the program would load, if that is not ours. */
function guessTheirs(name: string, ours: Copy): Copy {
  const froms = [process.argv[1], join(process.cwd(), 'package.json')];
  const guesses = froms.map((from) => copyWith(from === undefined ? undefined : resolveFrom(from, name)));
  return (
    guesses.find((copy) => copy.package && copy.package.root !== ours.package?.root) ?? copyWith(undefined)
  );
}

function describe({ file, package: found }: Copy, name: string): string {
  if (file === undefined) return 'a copy whose folder was not found';
  return found?.name === name ? `${found.version} in ${found.root}` : `the copy inside ${file}`;
}

/** The plugin that an object is of, for example ` (acme-tts 2.0.1)`. */
function pluginOf(made: unknown, theirs: Copy): string {
  const plugin = copyWith(fileOfFunction(made)).package;
  if (!plugin?.root.includes(`${sep}node_modules${sep}`) || plugin.root === theirs.package?.root) return '';
  return ` (${plugin.name} ${plugin.version})`;
}

/** The version to keep: theirs if it is newer and a plain update of ours, else ours. */
function versionToKeep({ version: ours = 'latest' }: InstalledPackage, theirs = ours): string {
  const range = (version: string) => version.match(/^0\.\d+|^\d+/)?.[0];
  return range(ours) === range(theirs) && compareVersions(theirs, ours) > 0 ? theirs : ours;
}

/** Both classes are of the same folder. */
function loadedTwice({ part, packageName }: ForeignPart, ours: Copy, theirs: Copy): string {
  const isTwoFormats = extname(ours.file ?? '') !== extname(theirs.file ?? '');
  const advice = isTwoFormats
    ? `Load it in one way: use import everywhere ("type": "module" in package.json), or await import('${packageName}') instead of require. The same holds for LiveKit's plugins.`
    : `A bundler, loader or test runner has loaded the same file twice: make ${packageName} external in its configuration.`;
  return `${packageName} ${ours.package?.version} is loaded twice${isTwoFormats ? ', with import and with require' : ''}. ${EFFECT}.
  Firstword loads ${ours.file}
  \`${part}\` comes from ${theirs.file}
${advice}`;
}

function remedy(packageName: string, ours: Copy, theirs: Copy): string {
  const isBundled = ({ file, package: found }: Copy) => file !== undefined && found?.name !== packageName;
  if (!ours.package || isBundled(ours) || isBundled(theirs))
    return `A bundle contains a copy: make ${packageName} external in the bundler's configuration.`;
  const manager = packageManagerOf(process.cwd(), process.env.npm_config_user_agent);
  // pnpm installs a version once for each set of its peers. Another version would not help.
  if (manager === 'pnpm' && theirs.package?.version === ours.package.version)
    return 'Their peers differ. Use the same versions of zod and @livekit/rtc-node everywhere (pnpm why zod shows who brings which), then pnpm dedupe.';
  const keep = howToKeepOne(manager, packageName, versionToKeep(ours.package, theirs.package?.version));
  if (!theirs.package)
    return `${keep}\nIf only one is installed, it is loaded with import and with require: use import everywhere.`;
  return keep;
}

/** Says which two copies are loaded, whose object is in which, and which command leaves one. */
export function twoCopiesError(foreign: ForeignPart): FirstwordError {
  const { part, packageName } = foreign;
  const ours = copyWith(fileOfFunction(foreign.ours) ?? resolveFrom(import.meta.filename, packageName));
  const found = copyWith(fileOfFunction(foreign.theirs));
  const theirs = found.file === undefined ? guessTheirs(packageName, ours) : found;
  if (theirs.package && theirs.package.root === ours.package?.root)
    return new FirstwordError('two_copies', loadedTwice(foreign, ours, theirs));
  const message = `two copies of ${packageName} are loaded. ${EFFECT}.
  Firstword uses ${describe(ours, packageName)}
  \`${part}\`${pluginOf(foreign.made, theirs)} uses ${describe(theirs, packageName)}
${remedy(packageName, ours, theirs)}`;
  return new FirstwordError('two_copies', message);
}
