/** What is taken out of text before it is spoken, in this order. */
const RULES: [RegExp, string][] = [
  // What is never shown: comments, where links of the text lead, footnotes and sources.
  [/<!--.*?-->/gsu, ''],
  [/^[ \t]*\[[^\]\n]+\]:[ \t]*(?:<|https?:|mailto:|[/#.])[^\n]*$/gmu, ''],
  [/\[\^[^\]\s]+\]|【[^】\n]*】/gu, ''],
  // Code fences and rules: lines that are marks only.
  [/^[ \t]*(?:```+|~~~+)[^\n]*$/gmu, ''],
  [/^[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+)$/gmu, ''],
  // What opens a line: quotes, headings, bullets (a list's number is spoken), check boxes.
  [/^[ \t]*(?:>[ \t]?)+/gmu, ''],
  [/^[ \t]*#{1,6}[ \t]+/gmu, ''],
  [/^[ \t]*[-*+•‣▪–][ \t]+(?:\[[ xX]\][ \t]+)?/gmu, ''],
  // Links and images say their text.
  [/!?\[([^\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:"[^"]*"|'[^']*'))?\)/gu, '$1'],
  [/!?\[([^\]]+)\]\[[^\]\n]*\]/gu, '$1'],
  [/<((?:https?:\/\/|mailto:)[^>\s]+)>/gu, '$1'],
  [/\b(?:https?:\/\/(?:www\.)?|mailto:)(?=\S)/giu, ''],
  [/<\/?[a-z][^>\n]*>/giu, ' '],
  // A mark after a backslash stands for itself, and some have names.
  [/\\(?=[\\`*_{}[\]()#+\-.!|<>~])/gu, ''],
  [/&nbsp;/gu, ' '],
  [/&(?:apos|#39);/gu, "'"],
  [/&quot;/gu, '"'],
  [/&lt;/gu, '<'],
  [/&gt;/gu, '>'],
  [/&amp;/gu, '&'],
  // Emphasis: pairs may have been cut apart, so every mark goes by itself.
  [/\*{2,}|__+|~~|`+/gu, ''],
  [/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, ''],
  // Tables.
  [/^[ \t]*\|?[ \t:|-]*-{2,}[ \t:|-]*$/gmu, ''],
  [/^[ \t]*\||\|[ \t]*$/gmu, ''],
  [/[ \t]*(?:\|[ \t]*)+/gu, ', '],
  // Emoji, with what joins and colours them.
  [
    /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u{FE0F}\u{20E3}])(?:\u{200D})?/gu,
    '',
  ],
  [/\s+/gu, ' '],
];

/**
 * Text as it is to be spoken: Markdown marks, link targets, HTML tags and emoji are taken out, white space is one
 * space. Words, figures, punctuation, addresses and e-mail addresses stay. It works on whole answers and on clauses
 * of them, where a pair of marks may have been cut apart. Empty where nothing is left to say.
 */
export function toSpeech(text: string): string {
  const plain = RULES.reduce((result, [mark, spoken]) => result.replace(mark, spoken), text).trim();
  return /[\p{L}\p{N}]/u.test(plain) ? plain : '';
}
