// A visit on the phone: what is typed stays on this machine until it was sent. Photos too.
// Nothing is kept once the server has it, and nothing of another person is ever sent.

const root = document.querySelector("[data-visit]");
const notice = document.getElementById("visit-unsent");
const RETRY_MS = 15_000;
const STORE = "waiting";
const person = root?.dataset.person ?? "";
const visit = root?.dataset.visit ?? "";

function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Drafts: the words of each form.
const draftName = (kind) => `bihuan-draft:${person}:${visit}:${kind}`;
function keepDraft(form, kind) {
  const words = {};
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || field.name === "csrf") continue;
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) words[field.name] = field.value;
    } else if (field.type !== "hidden" || field.name === "client_key") words[field.name] = field.value;
  }
  try { localStorage.setItem(draftName(kind), JSON.stringify(words)); } catch { /* no room: the page still has it */ }
}
function restoreDraft(form, kind) {
  const text = localStorage.getItem(draftName(kind));
  if (!text) return;
  const words = JSON.parse(text);
  for (const field of form.elements) {
    if (!(field.name in words) || field.type === "file") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === words[field.name];
    else field.value = words[field.name];
  }
}

// The queue: whole forms with their photos, in the browser's own database.
function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("bihuan-visit", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
async function inStore(mode, act) {
  const db = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally { db.close(); }
}
const waiting = async () => (await inStore("readonly", (store) => store.getAll())).filter((one) => one.person === person);

async function tell(sentence) {
  const all = await waiting();
  localStorage.setItem("bihuan-unsent", String(all.length));
  if (!notice) return;
  notice.hidden = all.length === 0 && !sentence;
  const count = all.length > 0 ? `有 ${all.length} 条记录还没有发出，存在这台设备上，联网后自动发送。` : "";
  notice.textContent = [sentence, count].filter(Boolean).join(" ");
}

// Sends one; answers whether the server has it now.
async function send(one) {
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, Accept: "application/json" };
  let body;
  if (one.kind === "file") {
    headers["Content-Type"] = "application/json";
    const answers = one.pairs.filter(([name]) => name.startsWith("answer-")).map(([name, value]) => {
      const point = name.slice("answer-".length);
      const note = one.pairs.find(([other]) => other === `note-${point}`)?.[1] ?? "";
      return `${point}=${value}=${note}`;
    });
    const text = (name) => one.pairs.find(([other]) => other === name)?.[1] ?? "";
    body = JSON.stringify({ done_day: text("done_day"), summary: text("summary"), client_key: one.key, answers });
  } else {
    body = new FormData();
    for (const [name, value] of one.pairs) if (name !== "client_key" && name !== "csrf") body.append(name, value);
    body.append("client_key", one.key);
    for (const file of one.files) body.append("photos", file.blob, file.name);
  }
  const answer = await fetch(one.url, { method: "POST", headers, body, credentials: "same-origin" });
  if (answer.ok) return { sent: true };
  const said = await answer.json().catch(() => ({}));
  const words = said.errors?.map((error) => error.detail).join("") || `${said.detail ?? ""}${said.hint ?? ""}`;
  return { sent: false, final: answer.status === 422, words: words || `服务器回答 ${answer.status}` };
}

let busy = false;
async function flush(reload) {
  if (busy) return;
  busy = true;
  let sent = 0;
  try {
    for (const one of await waiting()) {
      let answer;
      try { answer = await send(one); } catch { await tell("现在没有网络。"); return; }
      if (answer.sent) {
        await inStore("readwrite", (store) => store.delete(one.key));
        sent += 1;
      } else if (answer.final) {
        // The words stay as a draft, to be corrected and sent anew.
        await inStore("readwrite", (store) => store.delete(one.key));
        if (one.visit === visit) localStorage.setItem(draftName(one.kind), JSON.stringify(Object.fromEntries(one.pairs)));
        const form = one.visit === visit && document.querySelector(`[data-offline="${one.kind}"] form`);
        if (form) restoreDraft(form, one.kind);
        await tell(`没有保存：${answer.words}`);
        return;
      } else {
        await tell(`没有发出：${answer.words}。请登录后再打开本页。`);
        return;
      }
    }
    await tell("");
    if (sent > 0 && reload) location.reload();
  } finally { busy = false; }
}

async function submit(event, form, kind) {
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!form.reportValidity()) return;
  const data = new FormData(form);
  const pairs = [];
  const files = [];
  for (const [name, value] of data) {
    if (value instanceof File) { if (value.size > 0) files.push({ name: value.name, blob: value }); }
    else pairs.push([name, value]);
  }
  const own = form.elements.client_key;
  const one = { key: own.value || key(), kind, visit, person, url: `/api/v1/visits/${visit}/${kind === "file" ? "file" : "findings"}`, pairs, files };
  // A visit is filed once: what was pressed again before it was sent takes the place of the first.
  if (kind === "file") {
    for (const old of await waiting()) {
      if (old.visit === visit && old.kind === kind) await inStore("readwrite", (store) => store.delete(old.key));
    }
  }
  await inStore("readwrite", (store) => store.put(one));
  localStorage.removeItem(draftName(kind));
  form.dispatchEvent(new CustomEvent("bihuan:kept", { bubbles: true }));
  if (kind === "finding") form.reset();
  own.value = key();
  await tell("已记在这台设备上。");
  await flush(true);
}

if (root && "indexedDB" in window) {
  for (const box of root.querySelectorAll("[data-offline]")) {
    const form = box.querySelector("form");
    const kind = box.dataset.offline;
    if (!form) continue;
    if (!form.querySelector(".error-summary")) restoreDraft(form, kind);
    form.addEventListener("input", () => keepDraft(form, kind));
    form.addEventListener("submit", (event) => submit(event, form, kind), true);
  }
  addEventListener("online", () => flush(true));
  setInterval(() => flush(true), RETRY_MS);
  flush(true);
}
