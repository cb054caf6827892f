// What pages do beyond what they do without script. Nothing here is needed to work with the program.

const SESSION_WARNING_SECONDS = 60;
const body = document.body;
const live = document.getElementById("live");

/** Says a sentence to screen readers without moving the focus. */
function say(sentence) {
  if (live) live.textContent = sentence;
}

// The form token goes with every request that htmx sends.
body.addEventListener("htmx:configRequest", (event) => {
  if (body.dataset.csrf) event.detail.headers["X-CSRF-Token"] = body.dataset.csrf;
});

// A refused request answers with a sentence; show it where the person is looking.
function showProblem(sentence) {
  let box = document.getElementById("script-problem");
  if (!box) {
    box = document.createElement("div");
    box.id = "script-problem";
    box.className = "notice notice-danger";
    box.setAttribute("role", "alert");
    document.getElementById("main").prepend(box);
  }
  box.textContent = sentence;
  box.scrollIntoView({ block: "nearest" });
}
body.addEventListener("htmx:responseError", (event) => {
  try {
    const said = JSON.parse(event.detail.xhr.responseText);
    showProblem(`${said.title}：${said.detail}（请求编号 ${said.request_id}）`);
  } catch {
    showProblem("操作没有成功，请刷新页面后再试。");
  }
});
body.addEventListener("htmx:sendError", () => showProblem("连接不上服务器，请检查网络后再试。"));
body.addEventListener("htmx:afterSwap", (event) => {
  const words = event.detail.target.dataset.announce;
  if (words) say(words);
});

// Forms: ask before grave steps, warn before changes are lost, send once.
let unsaved = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-unsaved]")) unsaved = true;
});
document.addEventListener("bihuan:kept", () => { unsaved = false; });
// Whoever signs out leaves nothing behind on this machine.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/sign-out") return;
  if (Number(localStorage.getItem("bihuan-unsent")) > 0
    && !window.confirm("还有检查记录没有发出，退出登录会把它们从这台设备上清除。确定退出吗？")) {
    event.preventDefault();
    return;
  }
  for (const name of Object.keys(localStorage)) if (name.startsWith("bihuan-")) localStorage.removeItem(name);
  if ("indexedDB" in window) indexedDB.deleteDatabase("bihuan-visit");
}, true);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.matches("[data-unsaved]")) unsaved = false;
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
});
// Coming back by the browser's arrow must not find a form that can no longer be sent.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

const summary = document.querySelector(".error-summary");
if (summary) summary.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// One box that ticks all boxes of its table.
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.checkAll;
  if (!name) return;
  for (const box of event.target.form.querySelectorAll("input[type=checkbox]")) {
    if (box.name === name && !box.disabled) box.checked = event.target.checked;
  }
});

// An agenda is put in order by dragging; the buttons beside each point do the same.
for (const lists of document.querySelectorAll("[data-drag-lists]")) {
  const form = lists.parentElement.querySelector("form:has(input[name=order])");
  let held = null;
  lists.addEventListener("dragstart", (event) => {
    held = event.target.closest("li");
    // Some browsers drag nothing that carries no data.
    event.dataTransfer.setData("text/plain", held?.dataset.item ?? "");
    event.dataTransfer.effectAllowed = "move";
  });
  lists.addEventListener("dragover", (event) => {
    // A folded part opens under what is held over it.
    const fold = event.target.closest("summary")?.parentElement;
    if (held && fold?.matches("details.agenda-more")) fold.open = true;
    const over = event.target.closest("li");
    if (!held || !over || over === held) return;
    event.preventDefault();
    const below = event.clientY > over.getBoundingClientRect().top + over.offsetHeight / 2;
    over.parentElement.insertBefore(held, below ? over.nextSibling : over);
  });
  lists.addEventListener("dragend", () => {
    if (!held || !form) return;
    form.elements.order.value = [...lists.querySelectorAll("li[data-item]")].map((line) => line.dataset.item).join(",");
    form.requestSubmit();
  });
}

// Menus close when the person looks elsewhere.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// What paper cannot open is opened before printing.
window.addEventListener("beforeprint", () => {
  for (const figures of document.querySelectorAll("details.figures, details.agenda-more")) figures.open = true;
});

// The session: warn in time, and keep it if the person is still there. Windows of one browser share a session,
// so they tell one another when the server was last asked.
const lasts = Number(body.dataset.sessionSeconds);
const dialog = document.getElementById("session-warning");
if (lasts > 0 && dialog) {
  const left = document.getElementById("session-left");
  const over = document.getElementById("session-over");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("bihuan-session") : null;
  let ends = 0;
  const renew = () => {
    ends = Date.now() + lasts * 1000;
    if (dialog.open) dialog.close();
  };
  const asked = () => {
    renew();
    channel?.postMessage("asked");
  };
  if (channel) channel.onmessage = renew;
  const keep = async () => {
    try {
      const answer = await fetch(body.dataset.sessionKeep, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        // After signing in anew the session has another token; the filled form gets it.
        body.dataset.csrf = (await answer.json()).csrf;
        for (const field of document.querySelectorAll("input[name=_csrf]")) field.value = body.dataset.csrf;
        return asked();
      }
    } catch {
      // No network: the words below help as well.
    }
    over.hidden = false;
  };
  document.getElementById("session-continue").addEventListener("click", keep);
  document.getElementById("session-close").addEventListener("click", () => {
    ends = Infinity;
    dialog.close();
  });
  body.addEventListener("htmx:afterRequest", asked);
  asked();
  setInterval(() => {
    const seconds = Math.max(0, Math.round((ends - Date.now()) / 1000));
    if (seconds > SESSION_WARNING_SECONDS) return;
    left.textContent = seconds;
    if (seconds === 0) over.hidden = false;
    if (!dialog.open) dialog.showModal ? dialog.showModal() : dialog.setAttribute("open", "");
  }, 1000);
}
