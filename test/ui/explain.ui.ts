import type { Locator } from '@playwright/test';
import { defaultScenario, readScenario } from '../emulator/scenario.ts';
import { expect, test, type Workbench } from './workbench.ts';

const base = readScenario(defaultScenario);
test.use({
  goesOn: true,
  scenario: { ...base, subscriptions: [...base.subscriptions, ...readScenario('states').subscriptions] },
});

/** The text of the document in front, on one line. */
async function textOf({ page }: Workbench): Promise<string> {
  const lines = await page
    .locator('.editor-instance .view-line')
    .evaluateAll((all) =>
      all
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map(({ textContent }) => textContent),
    );
  return lines.join(' ').replaceAll('\u00a0', ' ');
}

/** Waits until the document in front says so. */
async function expectText(workbench: Workbench, text: RegExp): Promise<void> {
  await expect.poll(() => textOf(workbench)).toMatch(text);
}

/** The buttons above its first line. */
function buttons({ page }: Workbench): Locator {
  return page.locator('.editor-instance .codelens-decoration a');
}

/** Goes on with the next group where one is wrong. */
const expectEach = expect.configure({ soft: true });

/** What Explain State says first about each group of the default scenario and of the one with states, and its first button. */
const explained: readonly (readonly [group: string, text: RegExp, button: string])[] = [
  ['shop-web, Running', /Container group "shop-web" has been running since .*, 1 hour\./, 'Exec'],
  [
    'orders-api, Running',
    /Container group "orders-api" has been running since .*Restarts so far: 1\./,
    'Exec',
  ],
  [
    'nightly-report, Succeeded',
    /Container group "nightly-report" ended without an error \(exit code 0\)\. It is not started again, as its restart policy is "Never"\./,
    'Start',
  ],
  [
    'import-prices, Failed',
    /Container "import-prices" ended with an error \(exit code 2\), which many programs use for wrong arguments\..*The end of the log of "import-prices": +prices\.csv: no such file/,
    'View Logs',
  ],
  [
    'mailer, Pending',
    /Container "mailer" was killed \(exit code 137\), probably for using too much memory, and ends again after each restart\. Restarts so far: 14\..*OutOfMemoryError/,
    'View Logs',
  ],
  ['billing-win, Running', /Container group "billing-win" has been running since/, 'Exec'],
  ['vault-proxy, Running', /Container group "vault-proxy" has been running since/, 'Exec'],
  ['metrics, Running', /Container group "metrics" has been running since/, 'Exec'],
  [
    'sandbox, Stopped',
    /Container group "sandbox" was stopped on request\. Start the container group to go on\./,
    'Start',
  ],
  [
    'image-missing, Pending',
    /Container "web" cannot start: the registry does not have its image\. Azure says: Failed: Failed to pull image .*Correct the name and the tag/,
    'Open in Portal',
  ],
  [
    'image-denied, Pending',
    /Container "api" cannot start: the registry does not give its image.*AcrPull/,
    'Open Role Assignments',
  ],
  [
    'out-of-memory, Pending',
    /Container "sorter" was killed \(exit code 137\) for using too much memory, and ends again.*Sorting…/,
    'View Logs',
  ],
  [
    'mount-failed, Pending',
    /Container group "mount-failed" cannot start: a volume cannot be mounted\. Azure says: FailedMountAzureFileVolume: Failed to mount Azure File Volume\. .*name and the key of the storage account/,
    'Open in Portal',
  ],
  [
    'quota-exceeded, Pending',
    /Container group "quota-exceeded" cannot start: a quota of the subscription is used up\./,
    'Open in Portal',
  ],
  [
    'init-failed, Failed',
    /Init container "prepare" could not start \(exit code 127\), as its command is not in the image\./,
    'Open in Portal',
  ],
  [
    'windows-crash, Failed',
    /Container "service" crashed \(exit code -1073741819, 0xC0000005\) with an invalid memory access\..*Service is starting/,
    'View Logs',
  ],
  [
    'being-pulled, Pending',
    /Container group "being-pulled" is being started: its image is being pulled\./,
    'Refresh',
  ],
  [
    'odd-event, Pending',
    /Container "odd" has not started\. Azure says: FuelIsLow: Only \*\*3 %\*\* left, see \[the pump\] \(command:workbench\.action\.quit\) \$ \(flame\)\./,
    'Refresh',
  ],
];

test('Explain State says why, what to do, and what Azure tells, for a group in each state', async ({
  workbench,
}) => {
  await workbench.openView();
  for (const [group, text, button] of explained) {
    await test.step(group, async () => {
      await workbench.contextMenu(workbench.row(new RegExp(`^Container group ${group},`)), 'Explain State');
      await expectEach.poll(() => textOf(workbench)).toMatch(text);
      await expectEach(buttons(workbench).first()).toHaveText(button);
    });
  }
});

const states = '/subscriptions/11111111-0003-4000-8000-000000000003';

test('Explain State of a container, from its menu and the palette, with buttons that do what they say', async ({
  workbench,
  azure,
}) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await workbench.contextMenu(workbench.row(/^Init container migrate-db, Terminated/), 'Explain State');
  await expectText(workbench, /^Init container "migrate-db" ended without an error \(exit code 0\)\./);

  await workbench.runCommand('Container Instances: Explain State');
  await workbench.page.locator('.quick-input-widget input[type=text]').fill('sandbox');
  await expect(workbench.page.getByRole('option')).toHaveCount(1); // none moves under the mouse any more
  await workbench.page.getByRole('option', { name: /^sandbox/ }).click();
  await expectText(workbench, /^Container "sandbox" was stopped on request\./);
  await buttons(workbench).filter({ hasText: 'Start' }).click();
  await expect(workbench.row(/^Container group sandbox, Running/)).toBeVisible();
  // The document follows what is known of the group.
  await expectText(workbench, /^Container "sandbox" has been running since/);
  expect(azure.requests.filter(({ operation }) => operation === 'start').length).toBe(1);

  const addresses = await workbench.openedAddresses();
  await workbench.contextMenu(workbench.row(/^Container group image-denied,/), 'Explain State');
  await buttons(workbench).filter({ hasText: 'Open Role Assignments' }).click();
  const registry = `${states}/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/fabrikam`;
  await expect
    .poll(async () => (await addresses()).at(-1))
    .toBe(`https://portal.example/#@${azure.credentials.tenantId}/resource${registry}/users`);

  // A log that cannot be read says why, and all else is there.
  azure.addFault({
    ...{ operation: 'logs', kind: 'status', status: 403, code: 'AuthorizationFailed', times: 'always' },
    message: "The client 'x' does not have authorization to perform action 'a/logs/read' over scope 'y'.",
  });
  await workbench.contextMenu(workbench.row(/^Container group import-prices, Failed/), 'Explain State');
  await expectText(
    workbench,
    /^Container "import-prices" ended with an error .*The end of the log of "import-prices": +Your account may not do "a\/logs\/read" here/,
  );

  // The first line of a tooltip says why, too.
  const hover = workbench.page.locator('.workbench-hover');
  const group = workbench.row(/^Container group mailer, Pending/);
  await group.hover();
  await expect(hover).toContainText(/^mailer\s*Container "mailer" was killed \(exit code 137\)/);
  await workbench.expand(group);
  await workbench.row(/^Container mailer, Waiting/).hover();
  await expect(hover).toContainText(/^mailer\s*This container was killed \(exit code 137\)/);
  await workbench.page.screenshot({ path: 'test-results/explain/tooltip.png' });
});

test('Events of a container and of a group, the newest first, with counts, times and whole messages', async ({
  workbench,
}) => {
  const { page } = workbench;
  await workbench.openView();
  const mounts = workbench.row(/^Container group mount-failed, Pending/);
  await workbench.expand(mounts);
  await workbench.expand(workbench.row(/^Events of mount-failed, 1/));
  const mount = workbench.row(
    /^Event FailedMountAzureFileVolume, Warning, 7×, .*Failed to mount Azure File Volume\./,
  );
  await expect(mount).toBeVisible();
  await mounts.click();

  await workbench.expand(workbench.row(/^Container group image-missing, Pending/));
  await workbench.expand(workbench.row(/^Container web, Waiting/));
  await workbench.expand(workbench.row(/^Events of web, 3/));
  const events = workbench.row(/^Event /);
  await expect(events).toHaveCount(3);
  await expect(events.nth(0)).toHaveAccessibleName(/^Event BackOff, Normal, 3×, /);
  await expect(events.nth(1)).toHaveAccessibleName(/^Event Failed, Warning, 3×, /);
  await expect(events.nth(2)).toHaveAccessibleName(/^Event Pulling, Normal, 3×, /);
  await events.nth(1).hover();
  await expect(page.locator('.workbench-hover')).toContainText(
    /Failed to pull image "contoso\.azurecr\.io\/web:2\.0\.l": rpc error: code = NotFound.*Count: 3/s,
  );
  await page.screenshot({ path: 'test-results/explain/events.png' });
  await workbench.row(/^Container group image-missing/).click();

  await workbench.expand(workbench.row(/^Container group odd-event, Pending/));
  await workbench.expand(workbench.row(/^Container odd, Waiting/));
  await workbench.expand(workbench.row(/^Events of odd, 1/));
  await events.nth(0).hover();
  await expect(page.locator('.workbench-hover')).toContainText(
    'Only **3 %** left, see [the pump](command:workbench.action.quit) $(flame)',
  );
  await expect(page.locator('.workbench-hover a, .workbench-hover .codicon-flame')).toHaveCount(0);
});
