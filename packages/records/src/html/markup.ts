import { plainLines } from '@firstword/turn/display';

/** A piece of HTML or SVG, which is inserted unescaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Markup | string | number | undefined | false | readonly Value[];

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return plainLines(String(value)).replace(/[&<>"']/g, (sign) => ESCAPES[sign]!);
}

/** A tagged template for HTML: inserted values are escaped, and their control characters replaced, except other `Markup`. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.map((part, i) => part + textOf(values[i])).join(''));
}
