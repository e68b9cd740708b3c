// Requests to the server, and helpers that create elements.

const { person, channel } = document.body.dataset;

/** The user and channel of this window. */
export const seat = { person, channel };

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `status ${response.status}`);
  return body;
}

/** Posts an action. Resolves to the JSON response; rejects with an Error whose message is for the user. */
export async function act(name, body) {
  const init = { method: "POST", headers: { "content-type": "application/json" } };
  return answer(await fetch(`/page/${name}`, { ...init, body: JSON.stringify({ ...seat, ...body }) }));
}

export async function read(name, query = {}) {
  return answer(await fetch(`/page/${name}?${new URLSearchParams({ ...seat, ...query })}`));
}

export async function readMarkup(name, query) {
  const response = await fetch(`/page/${name}?${new URLSearchParams({ ...seat, ...query })}`);
  if (!response.ok) return answer(response);
  return response.text();
}

export async function upload(file) {
  const query = new URLSearchParams({ person, name: file.name });
  const response = await fetch(`/page/upload?${query}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: file,
  });
  return (await answer(response)).id;
}

/** The first element of HTML that the server rendered and escaped. */
export function element(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content.firstElementChild;
}

/** Creates an element with text: `make("span", "name", "Ottilie")`. */
export function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
