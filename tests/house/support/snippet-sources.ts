import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A piece of TypeScript that a page or a finding shows. */
export interface Snippet {
  /** `file:line` of its first line. */
  place: string;
  code: string;
}

const ROOT = new URL('../../../', import.meta.url);
const rulesDir = new URL('packages/doctor/src/rules/', ROOT);
const pagesDir = new URL('docs/doctor/', ROOT);

/** The `ts` blocks of a Markdown page. */
export function blocksOf(text: string, name: string): Snippet[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((block) => ({
    place: `${name}:${text.slice(0, block.index).split('\n').length + 1}`,
    code: block[1]!,
  }));
}

/** Every text that an expression can be: both branches of a condition, all combinations within a template. */
function textsOf(node: ts.Expression, place: string): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression, place);
  if (ts.isConditionalExpression(node))
    return [...textsOf(node.whenTrue, place), ...textsOf(node.whenFalse, place)];
  if (ts.isNumericLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return node.templateSpans.reduce(
      (texts, span) =>
        texts.flatMap((text) =>
          insertedTexts(span.expression, place).map((inner) => text + inner + span.literal.text),
        ),
      [node.head.text],
    );
  }
  throw new Error(`${place}: write the code as a literal, so that this test can check it`);
}

/** As `textsOf`; a value that is known only with the evidence, such as a model's name, stands as `x`. */
const insertedTexts = (node: ts.Expression, place: string): string[] =>
  ts.isPropertyAccessExpression(node) || ts.isIdentifier(node) ? ['x'] : textsOf(node, place);

/** The code of a remedy: `code: …`, or the second argument of `sameRemedy`. What is only passed on is found at its source. */
function codeOf(node: ts.Node, source: ts.SourceFile): ts.Expression | undefined {
  const code =
    ts.isPropertyAssignment(node) && node.name.getText(source) === 'code'
      ? node.initializer
      : ts.isCallExpression(node) && node.expression.getText(source) === 'sameRemedy'
        ? node.arguments[1]
        : undefined;
  return code && (ts.isIdentifier(code) || ts.isPropertyAccessExpression(code)) ? undefined : code;
}

/** `code: …` of every object in a rule's file, and calls between backticks in its texts. */
function codeIn(source: ts.SourceFile, name: string): Snippet[] {
  const found: Snippet[] = [];
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    const place = `${name}:${line}`;
    const code = codeOf(node, source);
    if (code) found.push(...textsOf(code, place).map((text) => ({ place, code: text })));
    if (ts.isStringLiteralLike(node))
      found.push(...[...node.text.matchAll(/`(\w+\([^`]*\))`/g)].map((call) => ({ place, code: call[1]! })));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A line for a shell: a request, or an environment variable. */
const isShell = ({ code }: Snippet): boolean => /^(curl |[A-Z_]+=)/.test(code);

/** Every snippet in the doctor's rules and on their pages. */
export function doctorSnippets(): Snippet[] {
  const pages = readdirSync(pagesDir).flatMap((file) =>
    blocksOf(readFileSync(new URL(file, pagesDir), 'utf8'), `docs/doctor/${file}`),
  );
  const rules = readdirSync(rulesDir)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const url = new URL(file, rulesDir);
      const text = readFileSync(url, 'utf8');
      const source = ts.createSourceFile(fileURLToPath(url), text, ts.ScriptTarget.ES2023, true);
      return codeIn(source, `packages/doctor/src/rules/${file}`);
    });
  return [...pages, ...rules].filter((snippet) => !isShell(snippet));
}
