/** Control characters (ESC, line breaks and tabs among them), and format characters, which can reverse or hide text. */
const CONTROL = /[\p{Cc}\p{Cf}]/gu;
/** The same without line breaks and tabs. */
const CONTROL_IN_LINES = /[^\P{Cc}\n\t]|\p{Cf}/gu;

/** Foreign text on one line: a terminal or a page must not execute what a path, a profile or a provider contains. */
export function plainText(text: string): string {
  return text.replace(CONTROL, '�');
}

/** The same for text of several lines: line breaks and tabs stay. */
export function plainLines(text: string): string {
  return text.replace(CONTROL_IN_LINES, '�');
}
