/** Markup that a TTS reads: SSML, vendors' tags such as `<emotion value="happy"/>`, and pronunciations. It is neither cut nor changed. */

/** HTML elements that a model may write for the screen. Their tags are not spoken; all other tags are left to the TTS. */
const HTML =
  'a|abbr|address|article|aside|b|big|blockquote|body|br|button|caption|center|cite|code|col|colgroup|dd|del|details|dfn|div|' +
  'dl|dt|em|fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|' +
  'link|main|mark|meta|nav|ol|option|p|pre|q|s|samp|script|section|select|small|span|strike|strong|style|sub|summary|sup|' +
  'table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video';

/** Elements whose content belongs together. It is spoken in one piece, at the latest when the answer ends. */
const WHOLE =
  'speak|prosody|voice|lang|say-as|phoneme|sub|emphasis|spell|w|expr|whisper|soft|loud|build-intensity|decrease-intensity|' +
  'higher-pitch|lower-pitch|slow|fast|sing-song|singing|laugh-speak|[a-z]+:[a-z-]+';

/** Lengths are bounded so that an unclosed quotation mark is not searched for to the end. */
const NAME = String.raw`[a-z][\w:.-]{0,40}`;
const ATTRIBUTES = String.raw`(?:\s{1,9}${NAME}\s{0,9}=\s{0,9}(?:"[^"<]{0,300}"|'[^'<]{0,300}'))*\s{0,9}`;
const TAG = String.raw`<\/?${NAME}${ATTRIBUTES}\/?>`;
/** Pauses and pronunciations of vendors: `<#0.5#>`, `<200>`, `<<h|ɛ|l|oʊ>>`. */
const VENDOR = String.raw`<#?[\d.]{1,8}#?>|<<[^<>\n]{1,80}>>`;
/** A pronunciation as a link: `[Kokoro](/kˈOkəɹO/)`. */
const LINKED = String.raw`\[[^[\]\n]{1,60}\]\(\/[^()\s\u0250-\u02ff]{0,80}[\u0250-\u02ff][^()\s]{0,80}\/\)`;

const AT = new RegExp(`${TAG}|${VENDOR}`, 'iuy');
const ALL = new RegExp(`${TAG}|${VENDOR}|${LINKED}`, 'giu');
/** What may become one of them. */
const UNFINISHED = new RegExp(
  String.raw`<(?:\/?(?:${NAME}${ATTRIBUTES}(?:${NAME}\s{0,9}(?:=\s{0,9}(?:"[^"<]{0,300}|'[^'<]{0,300})?)?|\/)?)?|#?[\d.]{0,8}#?|<[^<>\n]{0,80}>?)$`,
  'iuy',
);
const OPENING = new RegExp(`^<(${WHOLE})(?=[\\s>])(?!.*\\/>$)`, 'isu');
const IS_HTML = new RegExp(`^<\\/?(?:${HTML})(?=[\\s/>])`, 'iu');
/** A sound that a tag makes on its own. */
const SOUND =
  /^<(?:sound|audio|breath|inhale|exhale|sigh|laugh|chuckle|giggle|cry|cough|gasp|groan|yawn|sniffle|tsk|hum)/iu;
const IS_DOCUMENT = /<speak[\s>]/iu;

/** Rule for `toSpeech`: tags of HTML. */
export const HTML_TAG = new RegExp(`<\\/?(?:${HTML})(?=[\\s/>])[^<>\\n]*>`, 'giu');

/**
 * The end of the tag that begins at a `<`, of its content as well where that belongs together. `open`: it is not complete yet;
 * `undefined`: no tag begins here.
 */
export function tagEnd(text: string, at: number, { ended }: { ended: boolean }): number | 'open' | undefined {
  AT.lastIndex = at;
  const tag = AT.exec(text)?.[0];
  if (tag === undefined) {
    UNFINISHED.lastIndex = at;
    return !ended && UNFINISHED.test(text) ? 'open' : undefined;
  }
  const name = OPENING.exec(tag)?.[1];
  if (name === undefined) return at + tag.length;
  const close = text.indexOf(`</${name}>`, at);
  if (close >= 0) return close + name.length + 3;
  return ended ? at + tag.length : 'open';
}

/** A text without the tags that a TTS reads. */
export interface Untagged {
  /** Each tag is replaced by two characters that stand for it. */
  text: string;
  /** Whether a tag makes a sound by itself. */
  hasSound: boolean;
  /** Whether it is an SSML document, whose entities must stay. */
  isDocument: boolean;
  /** Puts the tags back. */
  restore(text: string): string;
}

/** Stands for a tag, together with the private character after it, which numbers the tags. Unicode assigns no character to it. */
const PLACE = '\uFDD0';
const PLACES = /\uFDD0([\uE000-\uF8FF])/gu;
const FIRST = 0xe000;
const MOST = 6_400;

/** Takes out the tags that a TTS reads, so that rules for plain text leave them as they are. */
export function takeOutTags(text: string): Untagged {
  const isDocument = IS_DOCUMENT.test(text);
  // SSML's `sub` and `mark` have an attribute that HTML's do not have.
  const isOwn = /<sub\s+alias=|<mark\s+name=/iu.test(text) ? /^<\/?(?:sub|mark)(?=[\s/>])/iu : undefined;
  const tags: string[] = [];
  const plain = text.replaceAll(PLACE, '').replace(ALL, (tag) => {
    if (!isDocument && IS_HTML.test(tag) && !isOwn?.test(tag)) return tag;
    if (tags.length === MOST) return ' ';
    tags.push(tag);
    return PLACE + String.fromCharCode(FIRST + tags.length - 1);
  });
  return {
    text: plain,
    hasSound: tags.some((tag) => SOUND.test(tag)),
    isDocument,
    restore: (spoken) =>
      spoken.replace(PLACES, (_, which: string) => tags[which.charCodeAt(0) - FIRST] ?? ''),
  };
}
