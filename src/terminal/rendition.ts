import { Attributes } from './attributes.ts';

/** How text is drawn: what DECSC saves, but for the place of the cursor. */
export interface Rendition {
  readonly attributes: Attributes;
  /** The character sets G0 to G3, as far as any was designated, by the final characters of their sequences. */
  readonly charsets: readonly string[];
  /** Which of them is shifted in. */
  readonly shift: number;
  readonly origin: boolean;
  readonly wraps: boolean;
}

/** The first character set. */
export const ascii = 'B';

/** What follows ESC where it designates G0 to G3. */
const designators = ['(', ')', '*', '+'];

/** The sequences that shift G0 to G3 in. */
const shifts = ['\x0f', '\x0e', '\x1bn', '\x1bo'];

export function initialRendition(): Rendition {
  return { attributes: new Attributes(), charsets: [], shift: 0, origin: false, wraps: true };
}

export function copyOf(rendition: Rendition): Rendition {
  return { ...rendition, attributes: rendition.attributes.copy() };
}

/** The same with another character set as G0 to G3. */
export function withCharset(rendition: Rendition, place: number, charset: string): Rendition {
  const charsets = [...rendition.charsets];
  while (charsets.length < place) {
    charsets.push(ascii);
  }
  charsets[place] = charset;
  return { ...rendition, charsets };
}

/** What DECRC restores: to xterm.js, not the character sets that had not been designated when it was saved. */
export function restored(current: Rendition, saved: Rendition): Rendition {
  const charsets = [...saved.charsets, ...current.charsets.slice(saved.charsets.length)];
  return { ...copyOf(saved), charsets };
}

/** The sequences that change one rendition to another; those of origin mode move the cursor too. */
export function renditionChanges(from: Rendition, to: Rendition): string {
  const charsets = designators.map((designator, place) => {
    const isDesignated = place < Math.max(from.charsets.length, to.charsets.length);
    const charset = to.charsets[place] ?? ascii;
    return isDesignated && charset !== from.charsets[place] ? `\x1b${designator}${charset}` : '';
  });
  return [
    ...charsets,
    from.shift === to.shift ? '' : shifts[to.shift],
    from.origin === to.origin ? '' : `\x1b[?6${to.origin ? 'h' : 'l'}`,
    from.wraps === to.wraps ? '' : `\x1b[?7${to.wraps ? 'h' : 'l'}`,
    from.attributes.sequence === to.attributes.sequence ? '' : to.attributes.sequence,
  ].join('');
}
