import { OutputDecoder } from '../../terminal/decoder.ts';

/** A stream of bytes, cut anywhere, that is shown as text. */
export interface ShownStream {
  write(data: Buffer): void;
  end(): void;
}

/** Text in the colour of errors. */
export const red = (text: string) => `\x1b[31m${text}\x1b[39m`;

/** The output and the errors of one command as a terminal shows them, errors in red. */
export function shownStreams(show: (text: string) => void): {
  readonly output: ShownStream;
  readonly errors: ShownStream;
} {
  return { output: shownStream(show), errors: shownStream((text) => show(red(text))) };
}

function shownStream(show: (text: string) => void): ShownStream {
  const decoder = new OutputDecoder();
  const showLines = (text: string) => {
    if (text !== '') {
      show(text.replaceAll('\n', '\r\n')); // the container's own terminal would make both of a line feed
    }
  };
  return {
    write: (data) => showLines(decoder.decode(data)),
    end: () => showLines(decoder.end()),
  };
}
