/**
 * A text in lower case, composed, with one kind of apostrophe: the form of the word tables in this folder. Unlike `fold` it
 * leaves "ß" as it is.
 */
export const lowerCase = (text: string): string => text.normalize('NFC').toLowerCase().replace(/[’ʼ]/g, "'");
