import { HTML_TAG, takeOutTags } from './speech-tags.js';

/** A pattern, and what replaces it. */
type Rule = [RegExp, string | ((found: string) => string)];

/**
 * What is removed from text before it is spoken, in this order. Each rule takes time linear in the length of the text: no
 * repeated part can begin anew inside itself, and runs of white space are not examined from each of their characters.
 */
const RULES: Rule[] = [
  // Removed, because a Markdown viewer does not display them: comments, link definitions, footnote and source references.
  [/<!--(?:(?!-->).)*(?:-->|$)/gsu, (found) => (found.endsWith('-->') ? '' : found)],
  [/^[ \t]*\[[^\]\n]+\]:[ \t]*(?:<|https?:|mailto:|[/#.])[^\n]*$/gmu, ''],
  [/\[\^[^[\]\s]+\]|【[^【】\n]*】/gu, ''],
  // Code fences and rules: lines that contain only marks.
  [/^[ \t]*(?:```+|~~~+)[^\n]*$/gmu, ''],
  [/^[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+)$/gmu, ''],
  // Marks at the start of a line: quotes, headings, bullets, check boxes. List numbers are spoken.
  [/^[ \t]*(?:>[ \t]?)+/gmu, ''],
  [/^[ \t]*#{1,6}[ \t]+/gmu, ''],
  [/^[ \t]*[-*+•‣▪–][ \t]+(?:\[[ xX]\][ \t]+)?/gmu, ''],
  // Links and images: only their text is spoken.
  [/!?\[([^[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:"[^"]*"|'[^']*'))?\)/gu, '$1'],
  // Not `[laughs][sighs]`, which some TTSs perform.
  [/!?\[([^[\]]+)\]\[\d*\]/gu, '$1'],
  [/<((?:https?:\/\/|mailto:)[^<>\s]+)>/gu, '$1'],
  [/\b(?:https?:\/\/(?:www\.)?|mailto:)(?=\S)/giu, ''],
  [HTML_TAG, ' '],
  // Escaped marks.
  [/\\(?=[\\`*_{}[\]()#+\-.!|<>~])/gu, ''],
  // Emphasis. A pair of marks may have been cut apart, so each mark is removed on its own.
  [/\*{2,}|__+|~~|`+/gu, ''],
  [/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, ''],
  // Tables.
  [/^[ \t:|-]+$/gmu, (line) => (line.includes('--') ? '' : line)],
  [/^[ \t]*\||\|[ \t]*$/gmu, ''],
  [/(?<![ \t])[ \t]*\|[ \t|]*/gu, ', '],
  // Emoji, with their joiners and modifiers.
  [
    /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u{FE0F}\u{20E3}])(?:\u{200D})?/gu,
    '',
  ],
  [/\s+/gu, ' '],
];

/** HTML entities. In an SSML document they stay: it would not be well-formed without them. */
const ENTITIES: Rule[] = [
  [/&nbsp;/gu, ' '],
  [/&(?:apos|#39);/gu, "'"],
  [/&quot;/gu, '"'],
  [/&lt;/gu, '<'],
  [/&gt;/gu, '>'],
  [/&amp;/gu, '&'],
];

const apply = (rules: readonly Rule[], text: string): string =>
  rules.reduce(
    (result, [mark, by]) => (typeof by === 'string' ? result.replace(mark, by) : result.replace(mark, by)),
    text,
  );

/**
 * Prepares text for the TTS: removes Markdown marks, link targets, HTML tags and emoji, and reduces white space to
 * single spaces. Words, digits, punctuation, addresses and e-mail addresses stay, and so does markup that a TTS reads: SSML,
 * other tags than those of HTML, cues such as `[laughs]`, and pronunciations. Works on whole answers and on clauses,
 * where a pair of marks may have been cut apart. Returns an empty string if nothing is left to speak.
 */
export function toSpeech(text: string): string {
  const untagged = takeOutTags(text);
  const rules = untagged.isDocument ? RULES : [...ENTITIES, ...RULES];
  const plain = apply(rules, untagged.text).trim();
  return /[\p{L}\p{N}]/u.test(plain) || untagged.hasSound ? untagged.restore(plain) : '';
}
