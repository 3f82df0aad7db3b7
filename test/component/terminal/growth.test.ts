import assert from 'node:assert/strict';
import { after, before, describe, it, mock } from 'node:test';
import { dropScrolledLines, keepEnd } from '../../../src/terminal/condensing.ts';
import { FlowControl } from '../../../src/terminal/flowControl.ts';
import { OutputWriter } from '../../../src/terminal/outputWriter.ts';
import { ParserState } from '../../../src/terminal/parserState.ts';
import { ReportFilter } from '../../../src/terminal/reports.ts';
import { dim } from '../../../src/terminal/sequences.ts';
import { TerminalState } from '../../../src/terminal/terminalState.ts';
import { expectLinear } from '../../support/growth.ts';

/** Texts that are hard on whoever looks through them carelessly: how each begins, and how it goes on and on. */
const texts: Readonly<Record<string, readonly [start: string, more: string]>> = {
  letters: ['', 'x'],
  lines: ['', 'y\r\n'],
  'line feeds': ['', '\n'],
  'combining characters': ['e', '\u0301'],
  'escape characters': ['', '\x1b'],
  'control characters': ['', '\x18\x0e\x9c\x0f'],
  'starts of sequences': ['', '\x1b['],
  'starts of titles': ['', '\x1b]0;'],
  'a title without an end': ['\x1b]0;', 'title '],
  'a picture without an end': ['\x1bPq', '#0~'],
  'a parameter': ['\x1b[', '1'],
  parameters: ['\x1b[', '1;'],
  subparameters: ['\x1b[38', ':1'],
  'private modes': ['\x1b[?', '47;'],
  intermediates: ['\x1b', ' '],
  'control characters in a sequence': ['\x1b[1', '\r\n'],
  colours: ['', '\x1b[38;5;1mx\x1b[39;49m'],
  modes: ['', '\x1b[?25h\x1b[?2004l\x1b[4l'],
  links: ['', '\x1b]8;;https://example.com\x07link'],
  'saved cursors': ['', '\x1b7\x1b[31m\x1b8'],
  screens: ['', '\x1b[?1049h\x1b[?1049l'],
  resets: ['', '\x1bc\x1b[!p'],
  'starts of size reports': ['', '\x1b[8;1;1'],
  'starts of mode reports': ['', '\x1b[?1234567'],
  reports: ['', '\x1b[8;24;80t\x1b[?12345678;0$y'],
};

function piecesOf(text: string, length: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  );
}

const nothing = () => undefined;

function flowControl(): FlowControl {
  const ends = { write: nothing, type: nothing, sized: nothing, pause: nothing, resume: nothing };
  return new FlowControl({ ...ends, linesKept: () => 100 });
}

function typed(pieces: readonly string[], isOurs: boolean): void {
  const filter = new ReportFilter({ isOurs: () => isOurs, onTyped: nothing, onReport: nothing });
  pieces.forEach((piece) => filter.input(piece, true));
  filter.dispose();
}

function written(pieces: readonly string[], isWaiting: boolean): void {
  const writer = new OutputWriter(nothing);
  writer.write(isWaiting ? '\x1b[?1049h' : '');
  writer.notify('a notice that waits for the normal screen');
  pieces.forEach((piece) => writer.write(piece));
  pieces.forEach((piece) => writer.write(piece, () => ''));
}

/** Output that waits until its time has come, or for the end of what comes after an interrupt. */
function held(pieces: readonly string[], key: string): void {
  const flow = flowControl();
  flow.output('y\r\n'.repeat(100_000)); // more than may be in flight
  pieces.forEach((piece) => flow.output(piece));
  flow.input(key);
  pieces.forEach((piece) => flow.output(piece));
  for (let seconds = 0; seconds < 100; seconds++) {
    mock.timers.tick(1_000);
  }
  flow.dispose();
}

/** All that look through text from outside. */
const functions: Readonly<Record<string, (text: string) => unknown>> = {
  'ParserState.pass': (text) => new ParserState(new TerminalState()).pass(text),
  'ParserState.follow': (text) => new ParserState().follow(text),
  'ParserState.restOfSequence': (text) => {
    const parser = new ParserState();
    parser.pass('\x1b]0;');
    return parser.restOfSequence(text);
  },
  'ParserState, character by character': (text) => {
    const parser = new ParserState(new TerminalState());
    piecesOf(text, 1).forEach((piece) => parser.follow(piece));
  },
  dropScrolledLines: (text) => dropScrolledLines(text, 10, new TerminalState()),
  keepEnd: (text) => keepEnd(text, 1_000, new TerminalState()),
  OutputWriter: (text) => written([text], false),
  'OutputWriter, in pieces': (text) => written(piecesOf(text, 50), false),
  'OutputWriter with a notice, in pieces': (text) => written(piecesOf(text, 50), true),
  ReportFilter: (text) => typed([text], false),
  'ReportFilter of answers, in pieces': (text) => typed(piecesOf(text, 50), true),
  FlowControl: (text) => held([text], ''),
  'FlowControl, in pieces': (text) => held(piecesOf(text, 16), ''),
  'FlowControl after an interrupt': (text) => held([text], '\x03'),
  'FlowControl after an interrupt, in pieces': (text) => held(piecesOf(text, 16), '\x03'),
  dim,
};

describe('what text from outside costs grows with its length, not faster', () => {
  before(() => mock.timers.enable({ apis: ['setTimeout'] }));
  after(() => mock.timers.reset());

  for (const [name, look] of Object.entries(functions)) {
    it(name, () => {
      for (const [text, [start, more]] of Object.entries(texts)) {
        const inputOf = (length: number) => start + more.repeat(length / more.length);
        assert.doesNotThrow(() => expectLinear(look, inputOf), `${name} of ${text}`);
      }
    });
  }
});
