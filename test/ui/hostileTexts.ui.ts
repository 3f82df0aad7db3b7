import type { Locator } from '@playwright/test';
import type { Scenario } from '../emulator/scenario.ts';
import { expect, test } from './workbench.ts';

/** Everything in one text that somebody could take for more than a text. */
const hostile =
  'HOSTILE [click](command:workbench.action.closeAllEditors) $(alert) <img src=x> **b**\n\u001b[2J\u202eend';

const scenario: Scenario = {
  subscriptions: [
    {
      subscriptionId: '99999999-0001-4000-8000-000000000001',
      displayName: hostile,
      groups: [
        {
          name: 'waits',
          resourceGroup: 'rg',
          location: hostile,
          containers: [
            {
              name: 'waits',
              image: hostile,
              currentState: { state: 'Waiting', detailStatus: hostile },
            },
          ],
        },
        {
          name: 'runs',
          resourceGroup: 'rg',
          location: 'westeurope',
          containers: [{ name: 'runs', image: `${hostile}${'x'.repeat(50_000)}`, commands: ['/bin/sh'] }],
        },
      ],
    },
  ],
};

test.use({ scenario });

/** Shows the hostile text, and shows it as it is: no link, no icon, no picture, no control character, and not without end. */
async function expectPlain(surface: Locator): Promise<void> {
  await expect(surface).toContainText('HOSTILE');
  expect(await surface.locator('a[href^="command:"], a[data-href^="command:"], img[src="x"]').count()).toBe(
    0,
  );
  expect(await surface.locator('.codicon-alert').count()).toBe(0);
  const text = (await surface.innerText()).replaceAll('\n', '');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(text.length).toBeLessThan(20_000);
}

test('a text of Azure is nothing but text: in rows, tooltips, picks, notifications and terminals', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  await workbench.openView();
  const subscription = workbench.row(/^Subscription HOSTILE/);
  await expectPlain(subscription);
  await subscription.hover();
  await expectPlain(page.locator('.monaco-hover:visible').last());
  const waits = workbench.row(/^Container group waits/);
  await expectPlain(waits);
  await workbench.expand(waits);
  const container = workbench.row(/^Container waits/);
  await expectPlain(container);
  await container.hover();
  await expectPlain(page.locator('.monaco-hover:visible').filter({ hasText: 'HOSTILE' }).last());

  await workbench.runCommand('Container Instances: Select Subscriptions…');
  const picks = page.locator('.quick-input-list');
  await expectPlain(picks);
  await page.keyboard.press('Escape');

  await workbench.contextMenu(workbench.row(/^Container group runs/), 'Exec with Command…');
  await page.getByRole('textbox', { name: /Exec with Command/ }).fill('$(alert) HOSTILE');
  await expectPlain(picks);
  await page.keyboard.press('Escape');

  await workbench.contextMenu(container, 'Exec');
  const alert = page.locator('.monaco-aria-container [role=alert]').filter({ hasText: 'HOSTILE' }).first();
  await expectPlain(alert);
  await workbench.runCommand('Notifications: Show Notifications');
  await expectPlain(page.locator('.notifications-center'));
  await page.keyboard.press('Escape');

  azure.addFault({
    operation: 'exec',
    times: 'always',
    kind: 'status',
    status: 500,
    code: 'Odd',
    message: hostile,
  });
  await workbench.contextMenu(workbench.row(/^Container group runs/), 'Exec');
  await expectPlain(workbench.terminal);
});
