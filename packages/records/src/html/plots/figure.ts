import { html, type Markup } from '../markup.js';

/** Every plot is this wide in SVG units and scaled to the page, so that its labels stay readable on a phone. */
export const FIGURE_WIDTH = 460;

/**
 * CSS classes of one arm's lines and dots. The first arm is grey, the others have colours that repeat after six; each
 * has its own dash pattern, so that arms can be distinguished in black and white.
 * @param index position of the arm, from 0
 */
export function armClass(index: number): string {
  return `arm a${index === 0 ? 0 : ((index - 1) % 6) + 1}`;
}

/** A plot with its caption. */
export function figure(options: {
  title: string;
  /** What is drawn, in one or two sentences below the title. */
  note: string;
  /** What the plot shows, in words, for screen readers. */
  alt: string;
  /** Height in SVG units. */
  height: number;
  /** SVG content. */
  body: Markup;
  legend?: Markup | undefined;
}): Markup {
  const { title, note, alt, height, body, legend } = options;
  return html`<figure>
<figcaption><h3>${title}</h3><p>${note}</p></figcaption>
${legend}<svg viewBox="0 0 ${FIGURE_WIDTH} ${Math.ceil(height)}" role="img" aria-label="${alt}">${body}</svg>
</figure>`;
}
