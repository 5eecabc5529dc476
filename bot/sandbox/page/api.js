/** Calls of the control API; a refusal becomes an Error with the server's sentence. */

async function call(method, path, body) {
  const answer = await fetch(`/control/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error ?? `HTTP ${answer.status}`);
  return found;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

/** Follow the world: `show` gets every new state, `offline` learns whether the sandbox answers. */
export async function follow(show, offline) {
  const people = new URLSearchParams(location.search).get("people");
  let after = "";
  for (;;) {
    try {
      const query = new URLSearchParams({ after, ...(people ? { people } : {}) });
      const state = await get(`state?${query}`);
      offline(false);
      if (state.version !== after) show(state);
      after = state.version;
    } catch (error) {
      console.warn(error);
      offline(true);
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}
