// The message box: an ordinary message, or the beginning of a command.

import { act } from "./ask.js";
import { isCommand, offerCommands } from "./commands.js";
import { isFilling, say, submit } from "./composer.js";
import { toEnd } from "./live.js";
import { offerMentions, withTokens } from "./mentions.js";
import { activeOffer, chooseActive, close, popupKey } from "./popup.js";

const composer = document.getElementById("composer");
const line = document.getElementById("line");

async function speak() {
  const text = line.value;
  if (text.trim().startsWith("/") && activeOffer()) return chooseActive();
  if (!text.trim() || await isCommand()) return;
  line.value = "";
  grow();
  try {
    await act("say", { text: withTokens(text) });
    say("");
    toEnd();
  } catch (error) {
    line.value = text;
    say(error.message);
  }
}

function grow() {
  line.style.height = "auto";
  line.style.height = `${Math.min(line.scrollHeight, 220)}px`;
}

line.addEventListener("input", () => {
  grow();
  if (line.value.startsWith("/") && !line.value.includes("\n")) offerCommands();
  else if (!offerMentions()) close();
});
line.addEventListener("keydown", (event) => {
  if (popupKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    speak();
  }
});
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  isFilling() ? submit() : speak();
});
composer.addEventListener("focusout", () => setTimeout(() => { if (!composer.contains(document.activeElement)) close(); }, 0));
if (composer.dataset.allowed === "false") composer.classList.add("no-words");
