import { styleText } from 'node:util';
import type { OwnerKind } from '@firstword/turn';

/** Text styles by name; without colour, each returns the text unchanged. */
export interface Paint {
  strong(text: string): string;
  dim(text: string): string;
  warn(text: string): string;
  owner(kind: OwnerKind, text: string): string;
  /** A hyperlink (OSC 8), which terminals that do not know it show as the text alone. */
  link(text: string, url: string): string;
}

const OWNER_COLOURS = {
  setting: 'yellow',
  provider: 'magenta',
  network: 'cyan',
  app: 'green',
  unaccounted: 'red',
} as const satisfies Record<OwnerKind, Parameters<typeof styleText>[0]>;

/** @param colour whether to use colour; the caller checks the terminal and NO_COLOR */
export function paint(colour: boolean): Paint {
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: style('bold'),
    dim: style('dim'),
    warn: style('red'),
    owner: (kind, text) => style(OWNER_COLOURS[kind])(text),
    link: (text, url) => (colour ? `\u001B]8;;${url}\u0007${text}\u001B]8;;\u0007` : text),
  };
}
