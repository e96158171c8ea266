import { keyVariablesOf, PROVIDERS } from '@firstword/llm';
import { didYouMean, redact } from '@firstword/turn';
import type { z } from 'zod';
import { allowedAt, choicesAt, settingsAt } from './allowed.js';
import type { ConfigProblem } from './config-error.js';
import type { ConfigSource } from './source.js';

type Issue = z.core.$ZodIssue;

/** Names under which a key is looked for in other tools' files. */
const KEY_NAME = /^(api[-_]?key|key|token|secret|password|bearer|authorization)$/i;
/** A longer value is not quoted, characters. */
const MAX_QUOTED = 60;

const settingText = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Where a key belongs: the variable of the model's provider, if the file says which. */
function variableFor(source: ConfigSource, path: readonly PropertyKey[]): string {
  const model = source.valueAt([...path.slice(0, -1), 'model']);
  const name = typeof model === 'string' ? model.split(':', 1)[0] : undefined;
  const provider = PROVIDERS.find((one) => one.name === name);
  const variables = provider ? keyVariablesOf(provider) : [];
  if (path[0] === 'server') return 'FIRSTWORD_GATEWAY_TOKEN';
  return variables.length > 0 ? variables.join(' and ') : "the provider's variable, such as OPENAI_API_KEY";
}

function keyMessage(source: ConfigSource, path: readonly PropertyKey[]): string {
  const own = path[0] === 'server' ? 'tokenVariable' : 'keyVariable';
  return `a key does not belong in the file: set it in the environment as ${variableFor(source, path)}, and remove it here. For another variable write its name as ${own}.`;
}

function problem(
  source: ConfigSource,
  path: readonly PropertyKey[],
  message: string,
  of: 'name' | 'value' = 'value',
): ConfigProblem {
  return { ...source.placeOf(path, of), setting: settingText(path), message };
}

/** Whether a text contains what looks like a key. An @ is part of model names too, not only of e-mail addresses. */
function containsKey(text: string): boolean {
  const plain = text.replaceAll('@', ' ');
  return redact(plain) !== plain;
}

/** Keys and passwords in the file, whatever setting they are in. Their values are never quoted. */
export function keyProblems(source: ConfigSource): ConfigProblem[] {
  return source.scalars().flatMap(({ path, value }) => {
    const isUrl = typeof value === 'string' && value.includes('://');
    if (isUrl && redact(value) !== value) {
      return [problem(source, path, 'a URL in the file must contain no key or password: remove it')];
    }
    // The names below routes are models, and those in body belong to the provider.
    const isFreeName = path.includes('body') || (path.length === 2 && path[0] === 'routes');
    const isNamedKey = !isFreeName && KEY_NAME.test(String(path.at(-1) ?? ''));
    const isKey = typeof value === 'string' && containsKey(value);
    return isNamedKey || isKey ? [problem(source, path, keyMessage(source, path), 'name')] : [];
  });
}

function quoted(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? `"${redact(value)}"` : String(value);
  return text.length > MAX_QUOTED ? `a text of ${text.length - 2} characters` : text;
}

function unknownSetting(source: ConfigSource, path: readonly PropertyKey[], name: string): string {
  const allowed = settingsAt(path);
  const value = source.valueAt([...path, name]);
  if (PROVIDERS.some((one) => one.name === name) && typeof value === 'string') {
    return `write ${name}:${value} without a space after the colon`;
  }
  return `there is no setting "${redact(name)}" here.${didYouMean(name, allowed)} Choose from ${allowed.join(', ')}`;
}

function valueMessage(source: ConfigSource, path: readonly PropertyKey[]): string {
  const name = path.length === 0 ? 'the file' : settingText(path);
  const value = source.valueAt(path);
  const allowed = allowedAt(path);
  if (value === undefined) return `${name} is missing: it takes ${allowed}`;
  // What is not a variable's name may be the key itself.
  if (String(path.at(-1)).endsWith('Variable')) return `${name} takes ${allowed}`;
  const meant = typeof value === 'string' ? didYouMean(value, choicesAt(path)) : '';
  const given = value === null ? 'nothing' : quoted(value);
  return `${name} takes ${allowed}, not ${given}${meant === '' ? '' : `.${meant}`}`;
}

/** The issues of the alternative that was meant: the one whose kind of value is right. */
function meantIssues(errors: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = errors.filter(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function toProblems(source: ConfigSource, issue: Issue, above: readonly PropertyKey[]): ConfigProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) =>
      problem(source, [...path, name], unknownSetting(source, path, name), 'name'),
    );
  }
  if (issue.code === 'invalid_union') {
    const meant = meantIssues(issue.errors);
    if (meant) return meant.flatMap((one) => toProblems(source, one, path));
  }
  return [problem(source, path, valueMessage(source, path))];
}

/** What the schema refuses, with places in the file. */
export function schemaProblems(source: ConfigSource, error: z.ZodError): ConfigProblem[] {
  return error.issues.flatMap((issue) => toProblems(source, issue as Issue, []));
}

/** A problem of a setting that the schema accepts. */
export function settingProblem(
  source: ConfigSource,
  path: readonly PropertyKey[],
  message: string,
  of: 'name' | 'value' = 'value',
): ConfigProblem {
  return problem(source, path, message, of);
}
