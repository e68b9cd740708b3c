// Modals, and the results of actions.

import { act, element, upload } from "./ask.js";

const dialog = document.getElementById("modal");
let opener;

/** Waits for an action; opens the modal in its response, or shows an error next to `place`. */
export async function outcome(acting, place) {
  const note = place?.querySelector(".failed-note");
  if (note) note.textContent = "";
  try {
    const done = await acting;
    if (done.modal) openModal(done.modal);
    else if (done.failed !== undefined && note) {
      note.textContent = "This interaction failed";
      note.title = done.failed;
    }
    return done;
  } catch (error) {
    if (note) note.textContent = error.message;
    return { refused: error.message };
  }
}

export function openModal(markup) {
  opener = document.activeElement;
  dialog.replaceChildren(element(markup));
  dialog.showModal();
  dialog.querySelector(".form-body input, .form-body textarea, .form-body button")?.focus();
}

export function closeModal() {
  dialog.close();
}

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  opener?.focus?.({ preventScroll: true });
});

const KINDS = { text: 4, file: 19, radio: 21, boxes: 22, box: 23 };

async function valuesIn(field) {
  const kind = Number(field.dataset.kind);
  const input = field.querySelector("input, textarea");
  if (kind === KINDS.text) return [input.value];
  if (kind === KINDS.box) return [String(input.checked)];
  if (kind === KINDS.file) return Promise.all([...input.files].map(upload));
  if (kind === KINDS.radio || kind === KINDS.boxes) {
    return [...field.querySelectorAll("input:checked")].map((it) => it.value);
  }
  return [...field.querySelectorAll('[role=option][aria-selected="true"]')].map((it) => it.dataset.value);
}

/** Checks the fields as Discord's client does. */
function problemOf(field, values) {
  const { required, kind } = field.dataset;
  const empty = values.length === 0 || (Number(kind) === KINDS.text && values[0] === "");
  if (empty) return required === "true" ? "This field is required." : "";
  const input = field.querySelector("[minlength]");
  if (input && input.value.length < input.minLength) return `Must be ${input.minLength} or more in length.`;
  return "";
}

function tell(field, problem) {
  field.classList.toggle("wrong", Boolean(problem));
  field.querySelector(".problem").textContent = problem;
  field.querySelector("input, textarea")?.setAttribute("aria-invalid", String(Boolean(problem)));
}

async function submit(form) {
  const fields = {};
  let wrong;
  for (const field of form.querySelectorAll("[data-field]")) {
    const values = await valuesIn(field);
    const problem = problemOf(field, values);
    tell(field, problem);
    if (problem) wrong ??= field;
    if (values.length || Number(field.dataset.kind) !== KINDS.file) fields[field.dataset.field] = values;
  }
  if (wrong) return wrong.querySelector("input, textarea, button")?.focus();
  const done = await outcome(act("submit", { interaction: form.dataset.interaction, fields }));
  const refusal = done.refused ?? (done.failed !== undefined ? "Something went wrong. Try again." : undefined);
  if (refusal === undefined) return closeModal();
  const [, name, rest] = refusal.match(/^the field `([^`]+)` (.*)$/) ?? [];
  const field = name && form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (field) return tell(field, rest);
  const place = form.querySelector(".form-problem");
  place.hidden = false;
  place.textContent = refusal;
}

dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.classList.contains("busy")) return;
  form.classList.add("busy");
  await submit(form).catch((error) => { form.querySelector(".form-problem").textContent = error.message; });
  form.classList.remove("busy");
});
