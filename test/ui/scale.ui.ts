import type { Scenario, ScenarioGroup } from '../emulator/scenario.ts';
import { expect, test, type Workbench } from './workbench.ts';

function group(name: string, more: Partial<ScenarioGroup> = {}): ScenarioGroup {
  const containers = [{ name, image: 'app:1' }];
  return { name, resourceGroup: 'rg-fleet', location: 'westeurope', containers, ...more };
}

const states = ['Hibernating', 'Running', 'Terminated', 'Waiting', ''];
const odd: readonly ScenarioGroup[] = [
  group('007', { state: 'Dreaming', provisioningState: 'Thawing' }),
  group('crowd', {
    containers: Array.from({ length: 60 }, (_, index) => ({
      name: String(index),
      image: 'registry.example:5000/Ünï/app@sha256:0123',
      currentState: { state: states[index % states.length] ?? '' },
    })),
  }),
  group(`a-${'0123456789-'.repeat(5)}z`, { resourceGroup: 'RG_(ünï.çödé)-1' }),
];

const subscription = (index: number) => `22222222-0000-4000-8000-00000000000${index}`;
const scenario: Scenario = {
  // Of the generated subscriptions each has two groups.
  generate: { subscriptions: 6, groups: 12 },
  subscriptions: [
    ['Fleet', Array.from({ length: 200 }, (_, index) => group(`ship-${String(index).padStart(3, '0')}`))],
    ['Odd', odd],
    ['Moving', [group('moving', { provisioningState: 'Updating' })]],
    ['Empty', []],
  ].map(([displayName, groups], index) => ({
    subscriptionId: `44444444-0000-4000-8000-00000000000${index}`,
    displayName: displayName as string, // the first of each pair above
    groups: groups as readonly ScenarioGroup[], // the second
  })),
};

test.use({ scenario });

/** Longer than the interval at which a group in transition is looked at the second time. */
const intervalMs = 5_000;

async function fold(workbench: Workbench, name: string): Promise<void> {
  const row = workbench.row(new RegExp(`^Subscription ${name}`));
  await row.click();
  await expect(row).toHaveAttribute('aria-expanded', 'false');
}

async function unfold(workbench: Workbench, name: string): Promise<void> {
  await workbench.expand(workbench.row(new RegExp(`^Subscription ${name}`)));
}

test('scrolling through 200 groups asks for each once, as its page is shown, over few connections', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  const asked = () =>
    azure.requests.filter(({ operation }) => operation === 'get').map(({ path }) => path.split('/').at(-1));
  const before = azure.connections;
  await workbench.openView();
  await expect(workbench.row(/^Subscription Fleet/)).toBeVisible();
  expect(asked()).toHaveLength(0);
  await unfold(workbench, 'Fleet');
  await expect(workbench.row(/^Container group ship-000, Running/)).toBeVisible();
  await expect.poll(() => asked().length).toBe(100);
  // In the order of the list, as it is read; of four at a time, three may arrive later than the ones after them.
  const ahead = asked().map((name, position) => Number(name?.slice('ship-'.length)) - position);
  expect(Math.max(...ahead)).toBeLessThan(4);

  await page.keyboard.press('End');
  const more = workbench.row(/^Show more…/);
  for (let pages = 0; pages < 20 && !(await more.isVisible()); pages++) {
    await page.keyboard.press('PageUp');
  }
  await more.click();
  await expect.poll(() => asked().length).toBe(200);
  await page.keyboard.press('Home');
  for (let pages = 0; pages < 15; pages++) {
    await page.keyboard.press('PageDown');
  }
  await expect(workbench.row(/^Container group ship-199, Running/)).toBeVisible();
  await page.keyboard.press('Home');
  await expect(workbench.row(/^Container group ship-000, Running/)).toBeVisible();
  expect(new Set(asked()).size).toBe(200);
  expect(asked()).toHaveLength(200);
  expect(azure.connections - before).toBeLessThan(15);
});

test('a group in transition is watched while it can be seen; hidden or folded, nothing is asked for', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  const count = () => azure.requests.length;
  /** The group is looked at again, so the test would see it. */
  const watched = async () => {
    const before = count();
    await expect.poll(count).toBeGreaterThan(before);
  };
  await workbench.openView();
  await unfold(workbench, 'Moving');
  await watched(); // its first state
  await watched(); // the first look after it

  await fold(workbench, 'Moving');
  let quiet = count();
  await page.waitForTimeout(intervalMs);
  expect(count()).toBe(quiet);

  await unfold(workbench, 'Moving');
  await watched();
  await page.getByRole('tab', { name: 'Explorer' }).first().click();
  await expect(workbench.row(/^Subscription Moving/)).toHaveCount(0);
  quiet = count();
  await page.waitForTimeout(intervalMs);
  expect(count()).toBe(quiet);

  await workbench.openView();
  await watched();
});

test('odd groups are shown: new states, digits for names, 60 containers, every character that Azure allows', async ({
  workbench,
}) => {
  await workbench.openView();
  await unfold(workbench, 'Odd');
  await expect(workbench.row(/^Container group 007, Dreaming, resource group rg-fleet/)).toBeVisible();
  await expect(
    workbench.row(/^Container group a-(0123456789-){5}z, Running, resource group RG_\(ünï\.çödé\)-1/),
  ).toBeVisible();
  const crowd = workbench.row(/^Container group crowd, Running/);
  await workbench.expand(crowd);
  await expect(workbench.row(/^Container 0, Hibernating, image registry\.example:5000\/Ünï/)).toBeVisible();
  await expect(workbench.row(/^Container 0, /)).toHaveAttribute('aria-setsize', '60');
});

test('each subscription that fails says why, its neighbours are there meanwhile, and Refresh mends it', async ({
  workbench,
  azure,
}) => {
  const status = {
    kind: 'status',
    status: 403,
    code: 'AuthorizationFailed',
    message: 'No access here.',
  } as const;
  const at = (index: number) => ({ operation: 'resources', path: subscription(index) }) as const;
  azure.addFault({ operation: 'resourceGraph', times: 'always', ...status });
  azure.addFault({ ...at(0), times: 'always', ...status });
  azure.addFault({ ...at(1), kind: 'throttle', retryAfterSeconds: 5 });
  azure.addFault({ ...at(2), times: 'always', kind: 'delay', ms: 600_000 });
  azure.addFault({ ...at(3), times: 'always', kind: 'half' });
  azure.addFault({ ...at(4), kind: 'fields', fields: { nextLink: 'https://elsewhere.example/next' } });
  const row = (index: number, rest: string) =>
    workbench.row(new RegExp(`^Subscription Generated 0000${index}${rest}`));
  await workbench.openView();
  await expect(row(5, '$')).toBeVisible();
  await expect(row(0, ', .*No access here')).toBeVisible();
  await expect(row(1, ', throttled until \\d+')).toBeVisible();
  await expect(row(4, ', .*another host')).toBeVisible();
  await unfold(workbench, 'Generated 00005');
  await expect(workbench.row(/^Container group group-00005, Running/)).toBeVisible();
  await expect(row(3, ', .*broke off')).toBeVisible();
  await expect(row(2, '')).toHaveCount(0); // it hangs, and nobody waits for it
  await expect(row(1, '$')).toBeVisible(); // its five seconds are over

  azure.clearFaults();
  await workbench.runCommand('Container Instances: Refresh');
  for (const index of [0, 1, 2, 3, 4, 5]) {
    await expect(row(index, '$')).toBeVisible();
  }
  await expect(workbench.row(/^Container group group-00005, Running/)).toBeVisible();
});

test('Group By, Sort By and empty subscriptions: the menus say what is chosen, and the tree follows', async ({
  workbench,
}) => {
  const { page } = workbench;
  const choose = async (command: string, current: string, next: string) => {
    await workbench.runCommand(`Container Instances: ${command}`);
    await expect(page.getByRole('option', { name: new RegExp(`^${current},? current`) })).toBeVisible();
    await page.getByRole('option', { name: new RegExp(`^${next}`) }).click();
  };
  await workbench.openView();
  await expect(workbench.row(/^Subscription Odd/)).toBeVisible();
  await expect(workbench.row(/^Subscription Empty/)).toHaveCount(0);
  await workbench.runCommand('Container Instances: Show Empty Subscriptions');
  await expect(workbench.row(/^Subscription Empty/)).toBeVisible();
  await workbench.runCommand('Container Instances: Hide Empty Subscriptions');
  await expect(workbench.row(/^Subscription Empty/)).toHaveCount(0);

  await choose('Group By…', 'Subscription', 'Location');
  const north = workbench.row(/^northeurope/);
  await expect(north).toBeVisible();
  await expect(workbench.row(/^Subscription/)).toHaveCount(0);
  await choose('Group By…', 'Location', 'Resource Group');
  await expect(workbench.row(/^RG_\(ünï/)).toBeVisible();
  await choose('Group By…', 'Resource Group', 'Subscription');

  await unfold(workbench, 'Odd');
  const first = workbench.row(/^Container group/).first();
  await expect(first).toHaveAttribute('aria-label', /007/);
  await choose('Sort By…', 'Name', 'Resource Group');
  await expect(first).toHaveAttribute('aria-label', /a-0123/);
  await choose('Sort By…', 'Resource Group', 'Name');
  await expect(first).toHaveAttribute('aria-label', /007/);
});
