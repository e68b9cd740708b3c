// Takes a screenshot of a view into target/browser, and checks it by axe-core.

import axe from "axe-core";
import { inFolder } from "./app.mjs";

const GRAVE = ["serious", "critical"];

/** Serious findings are reported at the end, so that one run shows all of them. */
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
