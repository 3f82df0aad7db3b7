import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  connectTimeoutSeconds,
  keepAliveSeconds,
  scrollback,
  settings,
  tabStopWidth,
} from '../../support/vscode.ts';

const numbers = {
  'containerInstances.exec.connectTimeoutSeconds': { read: connectTimeoutSeconds, usual: 60, least: 1 },
  'containerInstances.exec.keepAliveSeconds': { read: keepAliveSeconds, usual: 30, least: 0 },
  'terminal.integrated.scrollback': { read: scrollback, usual: 1_000, least: 0 },
  'terminal.integrated.tabStopWidth': { read: tabStopWidth, usual: 8, least: 1 },
} as const;

describe('a setting that should be a number', () => {
  beforeEach(() => settings.clear());

  for (const [name, { read, usual, least }] of Object.entries(numbers)) {
    it(`${name}: what is none is as if it were not there`, () => {
      assert.equal(read(), usual);
      for (const value of [
        '17',
        'NaN',
        '',
        null,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        true,
        [17],
        { of: 17 },
      ]) {
        settings.set(name, value);
        assert.equal(read(), usual, JSON.stringify(value));
      }
    });

    it(`${name}: a number is kept, or what is nearest to it`, () => {
      settings.set(name, 17);
      assert.equal(read(), 17);
      settings.set(name, -17);
      assert.equal(read(), least);
    });
  }
});
