import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ParserState } from '../../../src/terminal/parserState.ts';
import {
  expectPlacesIn,
  expectQueriesUnseen,
  expectQueriesUnseenIn,
  programs,
} from '../../support/terminal/queries.ts';
import { vscodeXterm } from '../../support/terminal/terminal.ts';

describe('ParserState', () => {
  it('queries where it tells change nothing in any output, cut anywhere', () =>
    expectQueriesUnseen(vscodeXterm, 80));

  for (const program of programs) {
    it(`${program}: nor in what a real program wrote, in pieces of any length`, () =>
      expectQueriesUnseenIn(program, 1));

    it(`${program}: there is always a place soon in what it wrote`, () => {
      expectPlacesIn(program);
    });
  }

  it('finds a place in every piece of plain lines', () => {
    const tracker = new ParserState();
    assert.equal(tracker.follow('one\r\ntwo'), 5);
    assert.equal(tracker.follow('three'), 4);
    assert.equal(tracker.follow('\x1b[1mfour\x1b[0m'), 12);
  });
});
