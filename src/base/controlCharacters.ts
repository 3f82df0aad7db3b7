/**
 * Characters that steer what shows a text instead of being shown: control characters, line and paragraph separators, and
 * those that set the direction of what follows.
 */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
export const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;
