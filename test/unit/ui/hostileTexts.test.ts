import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { TenantSignIn } from '../../../src/azure/azureClient.ts';
import { toContainerGroup } from '../../../src/azure/containerGroups.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import type { ListingSource } from '../../../src/inventory/listing.ts';
import { readText } from '../../support/project.ts';
import { explain, Log, shown } from '../../support/vscode.ts';

const { deleteGroups } = await import('../../../src/ui/commands/deleteGroups.ts');
const { pickContainerOfGroup } = await import('../../../src/ui/commands/pickContainer.ts');
const { allGroups, pickGroup } = await import('../../../src/ui/commands/pickGroup.ts');
const { selectTenants } = await import('../../../src/ui/commands/selectTenants.ts');
const { showError } = await import('../../../src/ui/messages/notify.ts');
const { ExecTerminals } = await import('../../../src/ui/terminal/execTerminals.ts');
const { LogTerminal } = await import('../../../src/ui/terminal/logTerminal.ts');
const { LogTerminals } = await import('../../../src/ui/terminal/logTerminals.ts');
const { ContainerGroupNode } = await import('../../../src/ui/tree/containerGroupNode.ts');
const { ContainerNode } = await import('../../../src/ui/tree/containerNode.ts');
const { FailedSignInNode } = await import('../../../src/ui/tree/failedSignInNode.ts');
const { GroupsTree } = await import('../../../src/ui/tree/groupsTree.ts');
const { MessageNode } = await import('../../../src/ui/tree/messageNode.ts');

/** Everything in one text that somebody could take for more than a text, and too much of it. */
const hostile = `HOSTILE \u001b]52;c;aGk=\u0007\u202eend\u2066 [click](command:workbench.action.quit) $(alert~spin) <b>
![x](https://evil.example/x.png)**b**\`c\`\u001b[2J\u009b2J\u200f\0${'x'.repeat(50_000)}`;

const id =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/HOSTILE ](command:x) $(zap) \u202e\u001b[2J';

const container = (name: string) => ({
  name,
  image: hostile,
  instanceView: { currentState: { state: hostile, detailStatus: hostile } },
});
const group = toContainerGroup(
  {
    location: hostile,
    tags: { owner: hostile, [hostile]: hostile },
    containers: [container(hostile), container(`other ${hostile}`)],
    instanceView: { state: hostile },
  },
  id,
);
const [first] = group.containers;
assert.ok(first);
const error = new AzureError({ kind: 'service', code: hostile, detail: hostile, correlationId: hostile });
const account = {
  id: 'a',
  label: hostile,
  kind: 'vscode',
  manyTenants: true,
  credential: () => Promise.reject(error),
} as const;
const signIn: TenantSignIn = { account, tenant: { tenantId: hostile, displayName: hostile } };

/** Nobody can be asked. */
const inventory = new Inventory(() => Promise.reject(error));
const ignore = () => undefined;
const log = new Log({ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore });

function expectPlain(text: string, where: string): void {
  assert.match(text, /HOSTILE/, where);
  assert.doesNotMatch(text, /\]\(|\$\(/, where);
  expectSteersNothing(text, where);
}

/** No control characters, and none that turn the direction of what follows. */
const steering = /[\p{Cc}\p{Bidi_C}\u2028\u2029]/u;

function expectSteersNothing(text: string, where: string): void {
  assert.doesNotMatch(text, steering, where);
  assert.ok(text.length < 4_000, `${where}: ${text.length} characters`);
}

/** Markdown in which nothing but the title and the ends of lines is more than text. */
function expectPlainMarkdown(tooltip: unknown): void {
  const { value } = tooltip as { readonly value: string }; // a MarkdownString
  assert.match(value, /HOSTILE/);
  for (const line of value.replace(/^\*\*(.*)\*\*$/m, '$1').split('\n')) {
    assert.doesNotMatch(line.replace(/\\./g, ''), /[[\]<>*`$!_()&\\]/);
    expectSteersNothing(line, 'tooltip');
  }
}

/** What was shown on a surface. */
function shownOn(surface: string): readonly string[] {
  return shown.flatMap(([where, text]) => (where === surface ? [text] : []));
}

function expectAllPlain(surface: string, least: number): void {
  const texts = shownOn(surface);
  const named = texts.filter((text) => text.includes('HOSTILE'));
  assert.ok(named.length >= least, `${surface}: ${JSON.stringify(texts)}`);
  named.forEach((text) => expectPlain(text, surface));
  texts.forEach((text) => expectSteersNothing(text, surface));
}

/** A tree of what an inventory knows. */
function treeOf(known: Inventory) {
  const forwards = {
    of: () => [],
    all: [],
    onDidChange: () => ({ dispose: ignore }),
    onDidChangeTraffic: () => ({ dispose: ignore }),
  };
  type Parameters = ConstructorParameters<typeof GroupsTree>;
  const usage = { clear: ignore } as unknown as Parameters[1]; // all that is used of it
  return new GroupsTree(known, usage, log, forwards as unknown as Parameters[3]); // likewise
}

describe('a text of Azure is nothing but text', () => {
  afterEach(() => shown.splice(0));

  it('in the dialog of Delete, and in notifications', async () => {
    const known = { known: () => group } as unknown as Inventory; // all that is used of it
    await deleteGroups([new ContainerGroupNode(group, inventory)], {
      inventory: known,
      log,
      terminalsOn: () => 1,
    });
    expectAllPlain('dialog', 2);
    showError(explain(error));
    expectAllPlain('notification', 1);
  });

  it('in quick picks of containers, of groups, and of tenants', async () => {
    await pickContainerOfGroup(group, `Exec in ${group.name}`);
    expectAllPlain('pick', 5);
    shown.splice(0);
    const entry = {
      subscription: { subscriptionId: 's', displayName: hostile, state: 'Enabled' },
      groups: [group],
    };
    const known = {
      load: () => Promise.resolve(),
      onDidChange: () => ({ dispose: ignore }),
      onDidReset: () => ({ dispose: ignore }),
      subscriptions: () => [entry],
      allSubscriptions: () => [entry],
      failedSignIns: () => [],
      containerGroup: () => Promise.resolve(group),
    } as unknown as Inventory; // all that is used of it
    await pickGroup(hostile, allGroups(), known, log);
    expectAllPlain('pick', 4);
    shown.splice(0);
    const client = { listOtherTenants: () => Promise.resolve([signIn]) } as unknown as Parameters<
      typeof selectTenants
    >[0] extends () => Promise<infer C>
      ? C
      : never; // likewise
    const hidden = { has: () => false } as unknown as Parameters<typeof selectTenants>[2]; // likewise
    await selectTenants(() => Promise.resolve(client), inventory, hidden);
    expectAllPlain('pick', 3);
  });

  it('in the message of the view, whose welcome texts have none of it', async () => {
    const tree = treeOf(inventory);
    await tree.getChildren();
    expectAllPlain('view message', 1);
    tree.dispose();
    const { viewsWelcome } = (
      JSON.parse(readText('package.json')) as { contributes: { viewsWelcome: { contents: string }[] } }
    ).contributes; // the manifest's own
    viewsWelcome.forEach(({ contents }) => assert.match(contents, /^%[\w.]+%$/)); // texts of ours, which VS Code fills nothing into
  });

  it('in rows of tenants, groups, containers and failures, and in their tooltips', () => {
    const failure = { signIn, problem: error.problem, at: 0, tenantsUnknown: false };
    const source: ListingSource = {
      discover: (onDiscovery) => {
        onDiscovery({ kind: 'failed', signIn, error });
        return Promise.resolve();
      },
      clientFor: () => Promise.reject(error),
    };
    const known = new Inventory(() => Promise.resolve(source));
    const tree = treeOf(known);
    const group1 = new ContainerGroupNode(group, {
      known: () => group,
      groupFailure: () => failure,
      operations: { on: ignore },
    } as unknown as Inventory); // all that is used of it
    for (const node of [
      new FailedSignInNode(failure),
      new FailedSignInNode({ ...failure, tenantsUnknown: true }),
      group1,
      new ContainerNode(group, first, false),
      new MessageNode('m', explain(error), 'error'),
    ]) {
      const { label, description, tooltip, accessibilityInformation } = tree.getTreeItem(node);
      assert.ok(typeof label === 'string' && typeof description !== 'boolean');
      expectPlain(label, 'label');
      if (description !== undefined) {
        expectPlain(description, 'description');
      }
      if (typeof tooltip === 'string') {
        expectPlain(tooltip, 'tooltip');
      } else if (tooltip !== undefined) {
        expectPlainMarkdown(tooltip);
      }
      expectSteersNothing(accessibilityInformation?.label ?? '', 'accessible name');
    }
    const tags = group1.tooltip(undefined);
    assert.match(tags.value, /owner\\=HOSTILE/);
    expectPlainMarkdown(tags);
    tree.dispose();
  });

  it('in the names of terminals, and in what stands before the lines of a log', async () => {
    const terminals = new ExecTerminals();
    type Opening = Parameters<typeof terminals.prepare>;
    const options = await terminals.prepare({ group, container: first, commands: [] }, {} as Opening[1]); // nothing runs
    expectPlain(options.name, 'terminal name');
    terminals.dispose();
    // What waiting does not help ends following.
    const refusal = new AzureError({ kind: 'forbidden', detail: hostile, action: hostile });
    const refused = () => Promise.reject(refusal);
    const services = { azure: refused, inventory: new Inventory(refused), log };
    const logs = new LogTerminals(services);
    await logs.followContainer(group, first);
    await logs.followGroup(group);
    expectAllPlain('terminal name', 2);
    logs.dispose();
    const { containers } = group;
    const terminal = new LogTerminal({ group, containers, name: 'log' }, services);
    const written: string[] = [];
    const ended = new Promise<void>((resolve) => {
      terminal.onDidChangeName((name) => name.startsWith('ended') && resolve());
    });
    terminal.onDidWrite((text) => written.push(text));
    terminal.open({ columns: 80, rows: 24 });
    await ended;
    await new Promise((resolve) => setImmediate(resolve));
    terminal.close();
    // What is ours: colours, the cursor, questions, and the ends of lines.
    const text = stripVTControlCharacters(written.join('')).replaceAll('\r\n', '');
    assert.match(text, /HOSTILE .*│/);
    assert.doesNotMatch(text, steering);
    assert.ok(!written.join('').includes('\u001b]'));
  });
});
