// Makes the pages better where scripts run. Nothing depends on it: every form posts and every link leads
// somewhere without it.

const TYPING_PAUSE = 220;

/** Shows how the words in a quick-add line are understood while they are typed. */
function readWhileTyping(form) {
  const input = form.querySelector('input[name="text"]');
  const region = form.querySelector("[data-reading]");
  const url = form.dataset.readingUrl;
  if (!input || !region || !url) return;

  let pause;
  let asked;
  let shown = input.value.trim();

  const ask = async () => {
    const text = input.value.trim();
    if (text === shown) return;
    asked?.abort();
    if (text === "") {
      shown = text;
      region.replaceChildren();
      return;
    }
    asked = new AbortController();
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "text/html" },
        body: JSON.stringify({ text, mode: "preview" }),
        credentials: "same-origin",
        redirect: "error",
        signal: asked.signal,
      });
      // A reading is a kindness. Where there is none, what was shown would be about other words.
      const html = answer.ok ? await answer.text() : "";
      if (input.value.trim() !== text) return;
      shown = text;
      // Only the first reading moves in; the ones after it just change.
      region.toggleAttribute("data-settled", region.childElementCount > 0);
      region.innerHTML = html;
    } catch (error) {
      if (error.name === "AbortError") return;
      region.replaceChildren();
    }
  };

  input.addEventListener("input", (event) => {
    clearTimeout(pause);
    if (!event.isComposing) pause = setTimeout(ask, TYPING_PAUSE);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, TYPING_PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(pause);
    asked?.abort();
  });
  // Coming back to the page, browsers put the words back but not the reading.
  ask();
}

/** Takes a list that is pasted into a quick-add line to where each line is read; the line would run them together. */
function takeLists(form) {
  const input = form.querySelector('input[name="text"]');
  const url = form.dataset.listUrl;
  if (!input || !url) return;
  input.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    const lines = pasted.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
    if (lines.length < 2) return;
    event.preventDefault();
    const typed = input.value.slice(0, input.selectionStart) + input.value.slice(input.selectionEnd);
    const list = document.createElement("form");
    list.method = "post";
    list.action = url;
    list.hidden = true;
    const text = document.createElement("textarea");
    text.name = "text";
    text.value = [typed.trim(), ...lines].filter(Boolean).join("\n");
    list.append(text);
    document.body.append(list);
    list.submit();
  });
}

const LONGEST_SPEECH = 60_000;

/** Puts a microphone into a quick-add line: the browser writes down what is said, or it is recorded and sent. */
function listen(form) {
  const input = form.querySelector('input[name="text"]');
  const region = form.querySelector("[data-reading]");
  const line = form.querySelector(".quick-line");
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  const records = window.MediaRecorder && navigator.mediaDevices?.getUserMedia;
  if (!input || !region || !line || !(Recognition || records)) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet quick-speak";
  button.setAttribute("aria-label", "Say it");
  button.setAttribute("aria-pressed", "false");
  const icon = form.querySelector(".icon")?.cloneNode(true);
  const use = icon?.querySelector("use");
  if (use) {
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#mic"));
    button.append(icon);
  } else {
    button.textContent = "Say it";
  }
  line.lastElementChild.before(button);

  let stop;
  const listening = (on) => button.setAttribute("aria-pressed", String(on));
  const write = (text) => {
    input.value = text.slice(0, input.maxLength > 0 ? input.maxLength : 1000);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };
  const tell = (words) => {
    const note = document.createElement("p");
    note.className = "reading-note";
    note.textContent = words;
    region.replaceChildren(note);
  };

  const recognise = () => {
    const recognition = new Recognition();
    recognition.lang = navigator.language;
    recognition.interimResults = true;
    recognition.onresult = (event) => write(Array.from(event.results, (result) => result[0].transcript).join(""));
    recognition.onerror = (event) => {
      // Some browsers have it and may not use it.
      if (records && ["network", "service-not-allowed", "language-not-supported"].includes(event.error)) record();
      else if (event.error === "not-allowed") tell("The microphone is not allowed for this page.");
    };
    recognition.onend = () => {
      if (stop === end) {
        stop = undefined;
        listening(false);
      }
    };
    const end = () => recognition.stop();
    stop = end;
    recognition.start();
    listening(true);
  };

  const record = async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      listening(false);
      return tell("The microphone is not there, or not allowed for this page.");
    }
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32_000 });
    const parts = [];
    const limit = setTimeout(() => recorder.stop(), LONGEST_SPEECH);
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      clearTimeout(limit);
      stream.getTracks().forEach((track) => track.stop());
      stop = undefined;
      listening(false);
      send(new Blob(parts, { type: recorder.mimeType }));
    };
    stop = () => recorder.stop();
    recorder.start();
    listening(true);
  };

  const send = async (sound) => {
    tell("Writing down what you said\u2026");
    try {
      const answer = await fetch(`${form.getAttribute("action")}/voice`, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream", Accept: "application/json" },
        body: sound,
        credentials: "same-origin",
        redirect: "error",
      });
      const said = await answer.json();
      if (!answer.ok) return tell(said.detail);
      region.replaceChildren();
      write(said.text);
    } catch {
      tell("What you said could not be sent. Type it instead.");
    }
  };

  button.addEventListener("click", () => {
    if (stop) stop();
    else if (Recognition) recognise();
    else record();
  });
}

/** Shows the dates that a form leads to while it is filled in. */
function datesWhileTyping(form) {
  const region = form.querySelector("[data-dates]");
  const url = form.dataset.datesUrl;
  if (!region || !url) return;

  let pause;
  let asked;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        redirect: "error",
        signal: asked.signal,
      });
      // Half a form has no dates. What was shown would be of another one.
      region.innerHTML = answer.status === 200 ? await answer.text() : "";
    } catch (error) {
      if (error.name === "AbortError") return;
      region.replaceChildren();
    }
    region.hidden = region.childElementCount === 0;
    // What the button showed is older than this.
    document.querySelector("[data-dates-shown]")?.toggleAttribute("hidden", !region.hidden);
  };
  const later = () => {
    clearTimeout(pause);
    pause = setTimeout(ask, TYPING_PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    clearTimeout(pause);
    asked?.abort();
  });
  ask();
}

/** The list by keyboard: / searches, j and k go down and up, x picks, e edits. */
function listByKeyboard(event) {
  const form = document.querySelector("form[data-rows]");
  if (!form || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog[open]")) return;
  const links = [...form.querySelectorAll(".row-name")];
  const row = document.activeElement?.closest(".row");
  const at = links.findIndex((link) => row?.contains(link));
  const act = {
    "/": () => document.getElementById("search")?.focus(),
    j: () => links[Math.min(at + 1, links.length - 1)]?.focus(),
    k: () => links[Math.max(at - 1, 0)]?.focus(),
    x: () => row?.querySelector("input[name=pick]")?.click(),
    e: () => at >= 0 && location.assign(`${links[at].getAttribute("href")}/edit`),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** The language of the browser as `language[-Script][-REGION]`, which is what the server reads. */
function ownLocale() {
  const { language, script, region } = new Intl.Locale(navigator.language);
  return [language, script, region].filter(Boolean).join("-");
}

/** Fills in what the device knows about its owner. */
function fillIn(field) {
  const known = {
    "time-zone": () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: ownLocale,
  }[field.dataset.fill];
  try {
    const value = known?.();
    if (value) field.value = value;
  } catch {
    // An old browser keeps what the server put there.
  }
}

/** Asks in a dialog instead of on a page of its own. */
function askInDialog(event) {
  const link = event.target.closest("a[data-confirm]");
  const dialog = link && document.getElementById(link.dataset.confirm);
  if (!dialog?.showModal || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
}

function closeDialog(event) {
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  const keep = event.target.closest("[data-close]");
  // Keyboards click at 0, 0; only a real click on the backdrop is outside.
  if (keep || (event.target === dialog && event.detail > 0 && !inside)) {
    event.preventDefault();
    dialog.close();
  }
}

/**
 * Keeps the bell, and the inbox where that is shown, up to date. Only while the page is looked at: browsers open few
 * connections to a place, and a tab in the background needs none. What came meanwhile is told on coming back.
 */
function ring(bell) {
  const count = bell.querySelector("[data-unread]");
  if (!count || !window.EventSource) return;
  let source;
  let wait;

  const show = (unread) => {
    count.hidden = unread === 0;
    const words = document.createElement("span");
    words.className = "unseen";
    words.textContent = " unread";
    count.replaceChildren(unread > 99 ? "99+" : String(unread), words);
  };
  const refresh = async () => {
    const inbox = document.querySelector("[data-inbox]");
    if (!inbox) return;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-inbox]");
      // Whoever is about to press something does not have it taken from under their finger.
      if (fresh && !inbox.contains(document.activeElement)) inbox.replaceWith(fresh);
    } catch {
      // It is asked for again with the next change.
    }
  };
  const watch = () => {
    if (document.visibilityState !== "visible") {
      source?.close();
      source = undefined;
      return;
    }
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(bell.dataset.bell);
    source.addEventListener("unread", (event) => show(JSON.parse(event.data).unread));
    source.addEventListener("notification", () => {
      clearTimeout(wait);
      wait = setTimeout(refresh, 300);
    });
  };
  document.addEventListener("visibilitychange", watch);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => event.persisted && watch());
  watch();
}

/** A second tap on a slow line must not send a form twice. */
function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if ("busy" in form.dataset) {
    event.preventDefault();
  } else {
    form.dataset.busy = "";
  }
}

/** Bytes as authenticators have them, from and to base64url. */
function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function textOf(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What a device answers: one that keeps a new passkey, or one that has a passkey already. */
async function askDevice(how, options) {
  const publicKey = { ...options, challenge: bytesOf(options.challenge) };
  if (how === "create") {
    publicKey.user = { ...options.user, id: bytesOf(options.user.id) };
    publicKey.excludeCredentials = options.excludeCredentials.map((one) => ({ ...one, id: bytesOf(one.id) }));
    const { response } = await navigator.credentials.create({ publicKey });
    return {
      clientDataJson: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject),
    };
  }
  const { rawId, response } = await navigator.credentials.get({ publicKey });
  return {
    id: textOf(rawId),
    clientDataJson: textOf(response.clientDataJSON),
    authenticatorData: textOf(response.authenticatorData),
    signature: textOf(response.signature),
  };
}

/** Asks a device before the form goes out, which then takes its answer along. */
function usePasskey(form) {
  const { passkey: how, options } = form.dataset;
  const failed = form.querySelector("[data-passkey-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.answer.value = JSON.stringify(await askDevice(how, JSON.parse(options)));
      form.submit();
    } catch {
      // They thought better of it, or have no such device.
      failed.hidden = false;
      delete form.dataset.busy;
    }
  });
}

/** What a browser gives whoever may tell it things. */
async function subscribe({ pushKey, pushWorker }) {
  if (!("serviceWorker" in navigator && "PushManager" in window)) throw new Error("missing");
  if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
  const worker = await navigator.serviceWorker.register(pushWorker);
  await navigator.serviceWorker.ready;
  const applicationServerKey = bytesOf(pushKey);
  // One that was made for another key would be refused.
  const known = await worker.pushManager.getSubscription();
  const same = known && textOf(known.options.applicationServerKey) === pushKey;
  if (known && !same) await known.unsubscribe();
  const made = same ? known : await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  const key = (name) => textOf(made.getKey(name));
  return { endpoint: made.endpoint, p256dh: key("p256dh"), auth: key("auth") };
}

/** Asks the browser before the form goes out, which then takes its answer along. */
function usePush(form) {
  const failed = form.querySelectorAll("[data-push-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.forEach((text) => (text.hidden = true));
    try {
      const answers = Object.entries(await subscribe(form.dataset));
      answers.forEach(([name, answer]) => (form.elements[name].value = answer));
      form.submit();
    } catch (error) {
      const said = [...failed].find((text) => text.dataset.pushFailed === error.message) ?? failed[failed.length - 1];
      said.hidden = false;
      delete form.dataset.busy;
    }
  });
}

document.querySelectorAll("form[data-passkey]").forEach(usePasskey);
document.querySelectorAll("form[data-push-key]").forEach(usePush);
document.querySelectorAll("form[data-reading-url]").forEach(readWhileTyping);
document.querySelectorAll("form[data-reading-url]").forEach(listen);
document.querySelectorAll("form[data-list-url]").forEach(takeLists);
document.querySelectorAll("form[data-dates-url]").forEach(datesWhileTyping);
document.addEventListener("keydown", listByKeyboard);
document.querySelectorAll("[data-fill]").forEach(fillIn);
document.addEventListener("click", askInDialog);
document.addEventListener("click", closeDialog);
document.addEventListener("submit", sendOnce);
document.querySelectorAll("[data-bell]").forEach(ring);
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-busy]").forEach((form) => delete form.dataset.busy);
});
// What is wrong with a form is read out first.
document.querySelector("[data-problems]")?.focus();
