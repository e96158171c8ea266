// Checks the project's limits: length of files and functions, share of documented exports, unique names of exported
// types. Exits with 1 if a limit is exceeded. `--list` prints every export without a doc comment;
// `--only packages/llm` checks one folder.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const LIMITS = {
  fileLines: 400,
  medianFileLines: 90,
  functionLines: 60,
  medianFunctionLines: 8,
  documented: 0.95,
};
const list = process.argv.includes('--list');
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? '' : process.argv[onlyAt + 1];

const SOURCE = /^(packages\/[^/]+\/(src|bench)|apps\/studio\/src|validation)\/.*\.tsx?$/;
const NOT_SOURCE = /\.(test|bench)\.tsx?$|\/testing\/|\/fixtures\/|vite\.config/;

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => SOURCE.test(file) && !NOT_SOURCE.test(file) && file.startsWith(only));

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const fileLines = [];
const functionLines = [];
const exported = [];
const typesByName = new Map();
const problems = [];

for (const file of files) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    continue;
  }
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n').length - 1;
  fileLines.push(lines);
  if (lines > LIMITS.fileLines) problems.push(`${file}: ${lines} lines, at most ${LIMITS.fileLines}`);
  measureFunctions(source, file);
  for (const statement of source.statements) noteExport(statement, source, file);
}

for (const [name, places] of typesByName) {
  if (places.length > 1)
    problems.push(`type ${name} is exported ${places.length} times: ${places.join(', ')}`);
}

const documented = exported.filter(({ documented }) => documented).length;
const share = documented / Math.max(exported.length, 1);
if (share < LIMITS.documented)
  problems.push(
    `${documented} of ${exported.length} exports have a doc comment: ${percent(share)}, at least ${percent(LIMITS.documented)}`,
  );
if (median(fileLines) > LIMITS.medianFileLines)
  problems.push(`the median file has ${median(fileLines)} lines, at most ${LIMITS.medianFileLines}`);
if (median(functionLines) > LIMITS.medianFunctionLines)
  problems.push(
    `the median function has ${median(functionLines)} lines, at most ${LIMITS.medianFunctionLines}`,
  );

console.log(
  `${files.length} files, median ${median(fileLines)} lines, longest ${Math.max(...fileLines)}; ` +
    `${functionLines.length} functions, median ${median(functionLines)}, longest ${Math.max(...functionLines)}; ` +
    `${exported.length} exports, ${percent(share)} documented`,
);
if (list)
  for (const { name, place, documented } of exported)
    if (!documented) console.log(`no doc comment: ${place} ${name}`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function percent(value) {
  return `${(100 * value).toFixed(1)} %`;
}

function place(node, source, file) {
  return `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
}

function measureFunctions(source, file) {
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body) {
      const from = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
      const to = source.getLineAndCharacterOfPosition(node.end).line;
      const lines = to - from + 1;
      functionLines.push(lines);
      if (lines > LIMITS.functionLines)
        problems.push(
          `${place(node, source, file)}: a function of ${lines} lines, at most ${LIMITS.functionLines}`,
        );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function noteExport(statement, source, file) {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return;
  const documented = ts.getJSDocCommentsAndTags(statement).length > 0;
  const names = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name.getText(source))
    : [statement.name?.getText(source) ?? 'default'];
  for (const name of names) exported.push({ name, place: place(statement, source, file), documented });
  if (
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isClassDeclaration(statement)
  ) {
    const places = typesByName.get(names[0]) ?? [];
    places.push(place(statement, source, file));
    typesByName.set(names[0], places);
  }
}
