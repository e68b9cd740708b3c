// What the page asks of its server, and how a fragment of it is put in place.

const { person, channel } = document.body.dataset;

/** Who looks, and where. */
export const seat = { person, channel };

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `status ${response.status}`);
  return body;
}

/** An act: the answer, or an Error with the sentence that says why not. */
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

/** The first element of markup that the server rendered and escaped. */
export function element(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content.firstElementChild;
}

/** An element with words: `make("span", "name", "Ottilie")`. */
export function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
