// Injecting a fault, seeing and fixing its effects in the inspector, and advancing the clock.

import assert from "node:assert/strict";
import { scenario } from "./app.mjs";

scenario("a dead letter is made with a knob, seen in the drawer, redriven and seen done", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.turns("fail_webhooks", "500");
  await member.asksForTheWeather("Oslo");
  await member.sees("Steward is thinking…");
  await member.movesClock("16 minutes");
  await member.sees("The application did not respond");
  await app.movesUntil("it is a dead letter", async () => (await app.queue("jobs")).dead === 1);
  const queues = await member.opensDrawer("queues");
  await queues.getByText("job: too late for a reply").first().waitFor();
  await member.turns("fail_webhooks", "");
  await member.opensDrawer("queues");
  await member.clicks("Redrive all", queues);
  await queues.getByText("job: too late for a reply").first().waitFor({ state: "detached" });
  await app.movesUntil("it is done", async () => {
    const { visible, in_flight, delayed, dead } = await app.queue("jobs");
    return visible + in_flight + delayed + dead === 0;
  });
});

scenario("after fifteen minutes a reply that was promised cannot come any more, and a button still works", async (app) => {
  const member = await app.enter("bartholomew_finch");
  await member.asksForTheWeather("Paris", "Paris, Île-de-France");
  await member.sees("Next hours");
  await member.turns("fail_webhooks", "503");
  await member.asksForTheWeather("Oslo");
  await member.sees("Steward is thinking…");
  await member.movesClock("16 minutes");
  await member.sees("The application did not respond");
  await member.turns("fail_webhooks", "");
  await member.closesDrawer();
  await app.movesUntil("the job is settled", async () => {
    const { visible, in_flight, delayed } = await app.queue("jobs");
    return visible + in_flight + delayed === 0;
  });
  await member.sees("The application did not respond");
  await member.clicks("°F", await member.sees("Next hours"));
  await member.sees("°F, ");
});

scenario("a command that never arrives is told to its user alone, and can be dismissed", async (app) => {
  const member = await app.enter("bartholomew_finch");
  const other = await app.enter("ottilie.quandt");
  await app.turns({ drop_percent: 100 });
  await member.uses("ping");
  const notice = await member.sees("The application did not respond");
  await member.clicks("Dismiss message", notice);
  await member.doesNotSee("The application did not respond");
  assert.equal(await other.messages.count(), 0);
});
