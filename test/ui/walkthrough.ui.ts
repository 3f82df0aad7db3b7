import { expect, test } from './workbench.ts';

test.use({ credential: 'vscode' });

test('the walkthrough leads from signing in to files, and nothing shows by itself', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  const walkthrough = page.locator('.gettingStartedContainer');
  const step = (title: string) => walkthrough.locator('.getting-started-step', { hasText: title });
  const picture = walkthrough.locator('.getting-started-media img');
  /** Opens a step, sees its picture, presses its button, does what it asks, and sees the step done. */
  const take = async (title: string, button: string, act: (press: () => Promise<void>) => Promise<void>) => {
    await test.step(title, async () => {
      await step(title).click();
      await expect(picture).toHaveAttribute('srcset', /walkthrough/);
      await expect
        .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
        .toBeGreaterThan(100);
      await act(() => step(title).getByRole('button', { name: button }).click({ timeout: 10_000 }));
      await expect(step(title).locator('.codicon.complete')).toBeVisible();
    });
  };
  /** Presses a button that asks for a container. A step that has just been opened takes the focus, which ends a quick pick. */
  const pick = async (press: () => Promise<void>) => {
    await expect(async () => {
      await press();
      await page.getByRole('option', { name: /shop-web/ }).click({ timeout: 10_000 });
    }).toPass();
  };

  await expect(walkthrough).toHaveCount(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(azure.requests).toEqual([]);
  await page.setViewportSize({ width: 1600, height: 900 }); // a narrow one shows no pictures
  await workbench.runCommand('Welcome: Open Walkthrough');
  await page.getByRole('option', { name: /Get Started with Container Instances/ }).click();
  await expect(walkthrough.locator('.getting-started-step')).toHaveCount(6);
  await expect(walkthrough.locator('.getting-started-step .codicon.complete')).toHaveCount(0);

  await take('Sign in to Azure', 'Sign In to Azure', async (press) => {
    await press();
    await page.getByRole('dialog').getByRole('button', { name: 'Allow' }).click();
  });
  await take('Find a container', 'Show Container Groups', async (press) => {
    await press();
    await expect(workbench.row(/^Container group shop-web, Running/)).toBeVisible();
  });
  await take('Open a terminal in it', 'Exec', async (press) => {
    await pick(press);
    await expect(workbench.terminal).toContainText('SandboxHost');
  });
  await take('Give it the room that it needs', 'Maximize the Panel', async (press) => {
    await press();
    await expect(walkthrough).toBeHidden();
    await page.getByRole('button', { name: /Restore Panel/ }).click();
  });
  await take('Follow the logs', 'Follow Logs', async (press) => {
    await pick(press);
    await expect(workbench.terminal).toContainText('GET /health 200');
  });
  await take('Look at its files', 'Browse Files', async (press) => {
    await pick(press);
    await expect(page.getByRole('option', { name: 'Browse This Folder' })).toBeVisible();
    await page.keyboard.press('Escape');
  });
  await page.screenshot({ path: 'test-results/walkthrough-done.png' });
});
