import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { ConfigError } from './config-error.js';

/** A setting of the file and its name there: what `visit` is called with. */
export interface SourceScalar {
  path: PropertyKey[];
  value: unknown;
}

const DUPLICATE = 'this name is written twice: remove one';
const SEVERAL_DOCUMENTS = 'the file has several YAML documents: remove the line ---';

/** The parser's words for a mistake, with what to do where they leave it open. */
function syntaxMessage(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return DUPLICATE;
  if (code === 'MULTIPLE_DOCS') return SEVERAL_DOCUMENTS;
  if (code === 'TAB_AS_INDENT') return 'a line is indented with a tab: use spaces';
  return `not valid YAML or JSON: ${message}`;
}

/** The text of a config file, with the place of every setting. JSON is read as YAML, which contains it. */
export class ConfigSource {
  readonly file: string;
  /** The file as plain data. */
  readonly data: unknown;
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  /**
   * @throws ConfigError for a text that is neither YAML nor JSON, or has a name twice
   */
  constructor(file: string, text: string) {
    this.file = file;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      stringKeys: true,
    });
    const { errors, warnings } = this.#document;
    const problems = [...errors, ...warnings].map(({ code, message, pos }) => ({
      ...this.#place(pos[0]),
      setting: '',
      message: syntaxMessage(code, message),
    }));
    if (problems.length > 0) throw new ConfigError(file, problems);
    this.data = this.#toData();
  }

  #toData(): unknown {
    try {
      const data: unknown = this.#document.toJS();
      // Throws where an alias contains itself.
      JSON.stringify(data);
      return data;
    } catch {
      // Otherwise too many aliases, which would multiply the data.
      const message = 'the anchors and aliases of the file cannot be resolved: write the settings out';
      throw new ConfigError(this.file, [{ line: 1, column: 1, setting: '', message }]);
    }
  }

  #place(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** Line and column of a setting, or of the nearest one above it that the file has. `of`: its name or its value. */
  placeOf(path: readonly PropertyKey[], of: 'name' | 'value' = 'value'): { line: number; column: number } {
    let node: unknown = this.#document.contents;
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    for (const [depth, name] of path.entries()) {
      const isLast = depth === path.length - 1;
      const found = this.#childOf(node, name);
      if (!found) break;
      const marked = isLast && of === 'name' ? (found.key ?? found.value) : (found.value ?? found.key);
      offset = marked?.range?.[0] ?? offset;
      node = found.value;
    }
    return this.#place(offset);
  }

  #childOf(
    parent: unknown,
    name: PropertyKey,
  ): { key?: Node | undefined; value?: Node | undefined } | undefined {
    const node = isAlias(parent) ? parent.resolve(this.#document) : parent;
    if (isSeq(node)) {
      const value = node.items[Number(name)];
      return isNode(value) ? { value } : undefined;
    }
    if (!isMap(node)) return undefined;
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name));
    if (!pair) return undefined;
    return {
      key: isNode(pair.key) ? pair.key : undefined,
      value: isNode(pair.value) ? pair.value : undefined,
    };
  }

  /** The value at a path; `undefined` where there is none. */
  valueAt(path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null
          ? (value as Record<PropertyKey, unknown>)[name]
          : undefined,
      this.data,
    );
  }

  /** Every text, number and name of the file with its path. */
  scalars(): SourceScalar[] {
    const found: SourceScalar[] = [];
    const visit = (value: unknown, path: PropertyKey[]): void => {
      if (Array.isArray(value)) {
        for (const [at, one] of value.entries()) visit(one, [...path, at]);
      } else if (typeof value === 'object' && value !== null) {
        for (const [name, one] of Object.entries(value)) visit(one, [...path, name]);
      } else found.push({ path, value });
    };
    visit(this.data, []);
    return found;
  }
}
