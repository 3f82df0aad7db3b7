import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stateAllows, type GroupVerb } from '../../../src/azure/groupVerbs.ts';
import { readJson } from '../../support/project.ts';

interface Manifest {
  readonly contributes: {
    readonly menus: Readonly<
      Record<string, readonly { readonly command?: string; readonly when?: string }[]>
    >;
  };
}

const { contributes } = readJson('package.json') as Manifest; // as VS Code reads it
const states = ['Running', 'Pending', 'Succeeded', 'Failed', 'Stopped', 'Unknown'];

describe('what a state allows', () => {
  for (const verb of ['start', 'stop', 'restart'] satisfies readonly GroupVerb[]) {
    it(`a row's menu offers ${verb} in the states in which it can be done`, () => {
      const entries = (contributes.menus['view/item/context'] ?? []).filter(
        ({ command }) => command === `containerInstances.${verb}`,
      );
      const offered = states.filter((state) =>
        entries.some(({ when = '' }) => {
          const [, pattern = '$.'] = /=~ \/(.*)\/$/.exec(when) ?? [];
          return new RegExp(pattern).test(`containerGroup.${state.toLowerCase()}`);
        }),
      );
      assert.deepEqual(
        offered,
        states.filter((state) => stateAllows(verb, { state })),
      );
    });
  }
});
