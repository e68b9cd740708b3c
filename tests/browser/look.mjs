// How a view looks: a picture of it in target/browser, and what axe-core thinks of it.

import axe from "axe-core";
import { inFolder } from "./app.mjs";

const GRAVE = ["serious", "critical"];

/** Everything that is grave is told at the end, so that one run shows all of it. */
export class Look {
  findings = [];

  constructor(person, name) {
    this.person = person;
    this.name = name;
  }

  async at(view) {
    const { page } = this.person;
    await page.screenshot({ path: inFolder(`${view}-${this.name}.png`), animations: "disabled" });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    for (const { id, impact, nodes } of violations.filter((it) => GRAVE.includes(it.impact))) {
      this.findings.push(`${view}: ${impact} ${id} at ${nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
    }
  }
}
