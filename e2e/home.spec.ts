import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";

for (const width of [320, 1280]) {
  test(`the home page opens at ${width} px without a fault that a person or a browser would notice`, async ({
    server,
    page,
  }) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.setViewportSize({ width, height: 800 });
    const response = await page.goto(`${server.origin}/`);
    expect(response?.status()).toBe(200);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual(
      [],
    );
    expect(complaints).toEqual([]);
  });
}
