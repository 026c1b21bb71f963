// Signaling through a Realtime Database, by its REST interface alone.

/** The database’s own time, written where this object stands. */
const NOW = { ".sv": "timestamp" };

/** An account without a name; its id says whose inbox is whose. */
export async function signIn(signUpUrl) {
  const body = JSON.stringify({ returnSecureToken: true });
  const response = await fetch(signUpUrl, { method: "POST", body });
  const { localId, idToken } = await response.json();
  return { me: localId, token: idToken };
}

/** Reads (`GET`) or writes a place in the database. */
export async function request(method, url, { token }, value) {
  const body = value === undefined ? undefined : JSON.stringify(value);
  const response = await fetch(`${url}.json?auth=${token}`, { method, body });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

/** Enters a room and hears what others put into the own inbox. */
export async function enter(room, account, onMessage) {
  const entry = { name: "", kind: "call", joinedAt: NOW, seenAt: NOW };
  await request("PUT", `${room}/participants/${account.me}`, account, entry);
  const inbox = `${room}/messages/${account.me}`;
  const events = new EventSource(`${inbox}.json?auth=${account.token}`);
  // First all that is there, at the path `/`; then each change, at its own.
  events.addEventListener("put", ({ data }) => {
    const { path, data: value } = JSON.parse(data);
    const [from, id] = path.split("/").filter(Boolean);
    const all = id ? { [from]: { [id]: value } } : from ? { [from]: value } : value;
    for (const [from, records] of Object.entries(all ?? {})) {
      for (const [id, record] of Object.entries(records ?? {})) {
        if (!record) continue; // It was read, and removed.
        onMessage(from, JSON.parse(record.message));
        request("DELETE", `${inbox}/${from}/${id}`, account);
      }
    }
  });
  return events;
}

let last = 0;

/** Puts a message into somebody’s inbox, under a key that is greater than those before it. */
export function send(room, account, to, message) {
  last = Math.max(last + 1, Date.now());
  const key = `-${last}`.padEnd(20, "0");
  const record = { message: JSON.stringify(message), sentAt: NOW };
  return request("PUT", `${room}/messages/${to}/${account.me}/${key}`, account, record);
}
