import { oneLine } from './plainText.ts';

/** Text that Markdown shows just as it is, on one line: no link, no formatting, no image. */
export function escapeMarkdown(text: string): string {
  // CommonMark takes a backslash before any ASCII punctuation; VS Code's own `appendText` keeps lines from wrapping.
  return oneLine(text)
    .replace(/\s+/g, ' ')
    .replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
