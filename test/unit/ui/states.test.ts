import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '../../support/vscode.ts';

const { sinceText } = await import('../../../src/ui/messages/states.ts');

const start = new Date('2026-11-20T09:30:00');
const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const day = 24 * 60;

describe('since when a container runs', () => {
  for (const [minutes, text] of [
    [-5, 'since 9:30 AM, 0 minutes'], // a clock that was set back
    [0.9, 'since 9:30 AM, 0 minutes'],
    [1, 'since 9:30 AM, 1 minute'],
    [59.9, 'since 9:30 AM, 59 minutes'],
    [60, 'since 9:30 AM, 1 hour'],
    [day - 1, 'since 9:30 AM, 23 hours'],
    [day, 'since Nov 20, 1 day'],
    [5 * day + 700, 'since Nov 20, 5 days'],
    [400 * day, 'since Nov 20, 400 days'],
  ] as const) {
    it(`after ${minutes} minutes: ${text}`, () => {
      assert.equal(sinceText(start, later(minutes)).replaceAll('\u202f', ' '), text);
    });
  }
});
