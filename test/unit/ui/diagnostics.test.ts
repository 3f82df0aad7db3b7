import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anonymous } from '../../../src/ui/diagnostics/anonymous.ts';
import { changedSetting, declaredSettings, hostOnly } from '../../../src/ui/diagnostics/changedSettings.ts';

describe('the log in the diagnostics', () => {
  const path =
    '/subscriptions/1111/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/web';
  const shownPath =
    '/subscriptions/[1]/resourceGroups/[2]/providers/Microsoft.ContainerInstance/containerGroups/[3]';

  it('has no name of a resource; the same one is the same number', () => {
    assert.deepEqual(
      anonymous(
        [
          'Exec in DB failed: no "web" in rg-shop.',
          `GET ${path} 200 12 ms`,
          `POST /subscriptions/1111/resourcegroups/RG-SHOP/x "${path}/containers/db/exec", webs`,
        ],
        '/home/anna',
      ),
      [
        'Exec in [4] failed: no "[3]" in [2].',
        `GET ${shownPath} 200 12 ms`,
        `POST /subscriptions/[1]/resourcegroups/[2]/x "${shownPath}/containers/[4]/exec", webs`,
      ],
    );
  });

  it('has no account, home folder or secret', () => {
    const [shown = ''] = anonymous(
      [
        'signed in as anna@contoso.com at /home/anna/.vscode with Bearer eyJhbGciOiJub25lIn0abcdefgh wss://h.example:19390/x?token=hunter2 hunter2[[EOM]]',
      ],
      '/home/anna',
    );
    assert.doesNotMatch(shown, /anna|hunter2|eyJ/);
    assert.match(shown, /~\/\.vscode/);
  });
});

describe('the changed settings in the diagnostics', () => {
  it('are those that the manifest declares, with its choices', () => {
    const properties = { 'a.b': { enum: ['x'] }, 'a.c': { type: 'array' } };
    assert.deepEqual(declaredSettings({ contributes: { configuration: [{ properties }] } }), [
      { name: 'a.b', choices: ['x'] },
      { name: 'a.c', choices: [] },
    ]);
    assert.deepEqual(declaredSettings({}), []);
  });

  it('have no value that could be a secret', () => {
    const setting = { name: 'a.b', choices: ['x'] };
    assert.deepEqual(changedSetting(setting, { defaultValue: 'x' }), []);
    assert.deepEqual(changedSetting(setting, { globalValue: 'x', workspaceValue: 5 }), [
      'a.b (user): x',
      'a.b (workspace): 5',
    ]);
    assert.deepEqual(
      changedSetting(setting, { globalValue: 'hunter2', workspaceFolderValue: ['sh -c hunter2'] }),
      ['a.b (user): a value that is not shown', 'a.b (folder): 1 entries'],
    );
  });

  it('have only the host and port of an address', () => {
    assert.equal(hostOnly('http://user:hunter2@proxy.example:8080/x?y'), 'proxy.example:8080');
    assert.equal(hostOnly('hunter2'), 'a value that is not shown');
  });
});
