/**
 * What a hostile page tries against a client with a window, as the source of one function `(target, stolen) => cases`.
 * `target` is the client's origin, `stolen` what a page can only have by a miracle: token and unspent secret. Each case
 * resolves with what it could read or open, in words; `"nothing"` is what all must resolve with.
 */
export const ATTACKS = String.raw`(async (target, { token, secret }) => {
  const socket = target.replace("http:", "ws:") + "/events";
  const PATIENCE = 1500;
  const cases = {};
  const soon = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, PATIENCE, "nothing"))]);
  const tell = async (response) =>
    response.type === "opaque" || response.type === "opaqueredirect" ? "nothing" : "read " + response.status + " " + (await response.text()).slice(0, 60);
  const ask = (path, init) => () => fetch(target + path, init).then(tell, () => "nothing");
  const json = { "content-type": "application/json" };
  const knock = JSON.stringify({ secret });

  for (const path of ["/", "/gui.js", "/gui.css", "/icon.svg", "/session", "/events"]) {
    for (const mode of ["cors", "no-cors"]) cases["fetch " + mode + " " + path] = ask(path, { mode, credentials: "include" });
  }
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]) {
    cases["fetch " + method + " JSON"] = ask("/session", { method, credentials: "include", headers: json, ...method === "HEAD" ? {} : { body: knock } });
  }
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    cases["no-cors POST of " + type] = ask("/session", { method: "POST", mode: "no-cors", credentials: "include", headers: { "content-type": type }, body: knock });
  }
  cases["fetch with the stolen token"] = ask("/events", { credentials: "include", headers: { authorization: "Bearer " + token, "x-token": token } });
  cases["fetch with keepalive"] = ask("/session", { method: "POST", mode: "no-cors", keepalive: true, body: knock });
  cases["fetch that follows nothing"] = ask("/", { redirect: "manual", credentials: "include" });
  cases["fetch that says same-origin"] = ask("/", { mode: "same-origin" });
  cases["fetch without a referrer"] = ask("/session", { method: "POST", mode: "no-cors", referrerPolicy: "no-referrer", body: knock });
  cases["sendBeacon of text"] = async () => (navigator.sendBeacon(target + "/session", knock), "nothing");
  cases["sendBeacon of JSON"] = async () => (navigator.sendBeacon(target + "/session", new Blob([knock], json)), "nothing");
  for (const method of ["GET", "POST"]) {
    cases["XMLHttpRequest " + method] = () => new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open(method, target + "/session");
      request.withCredentials = true;
      request.onload = () => done("read " + request.status + request.responseText);
      request.onerror = () => done("nothing");
      request.send(method === "POST" ? knock : null);
    });
  }
  cases["EventSource"] = () => new Promise((done) => {
    const source = new EventSource(target + "/events", { withCredentials: true });
    source.onopen = () => done("open");
    source.onerror = () => (source.close(), done("nothing"));
  });

  const dial = (address, protocols) => () => new Promise((done) => {
    try {
      const it = new WebSocket(address, protocols);
      it.onopen = () => (it.send(JSON.stringify({ id: 1, wish: { kind: "say", to: "#lobby", text: "hijacked" } })), it.close(), done("open"));
      it.onmessage = ({ data }) => done("read " + data);
      it.onerror = () => done("nothing");
    } catch {
      done("nothing");
    }
  });
  cases["WebSocket alone"] = dial(socket);
  cases["WebSocket of a chat"] = dial(socket, ["chat"]);
  cases["WebSocket with a guess"] = dial(socket, ["chat", "A".repeat(43)]);
  cases["WebSocket with the stolen token"] = dial(socket, ["chat", token]);
  cases["WebSocket with the unspent secret"] = dial(socket, ["chat", secret]);
  cases["WebSocket with the token alone"] = dial(socket, [token]);
  cases["WebSocket with the token in the address"] = dial(socket + "?token=" + token, ["chat"]);
  cases["WebSocket elsewhere"] = dial(socket.replace("/events", "/"), ["chat", token]);

  const element = (name, properties) => () => new Promise((done) => {
    const it = Object.assign(document.createElement(name), properties);
    it.onload = it.onloadeddata = it.oncanplay = () => done("loaded " + name + " " + (it.naturalWidth ?? ""));
    it.onerror = () => done("nothing");
    document.body.append(it);
    if (it.track) it.track.mode = "showing";
  });
  for (const path of ["/", "/icon.svg", "/events", "/session"]) cases["image " + path] = element("img", { src: target + path });
  for (const path of ["/", "/gui.js", "/session", "/events"]) cases["script " + path] = element("script", { src: target + path });
  for (const path of ["/gui.js", "/"]) cases["module " + path] = element("script", { type: "module", src: target + path });
  for (const path of ["/gui.css", "/"]) cases["style sheet " + path] = element("link", { rel: "stylesheet", href: target + path });
  cases["preload"] = element("link", { rel: "preload", as: "script", href: target + "/gui.js" });
  cases["modulepreload"] = element("link", { rel: "modulepreload", href: target + "/gui.js" });
  cases["manifest"] = async () => (document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: target + "/" })), "nothing");
  cases["video"] = element("video", { src: target + "/events" });
  cases["audio"] = element("audio", { src: target + "/" });
  cases["embed"] = async () => (document.body.append(Object.assign(document.createElement("embed"), { src: target + "/icon.svg" })), "nothing");
  cases["import()"] = () => import(target + "/gui.js").then(() => "ran", () => "nothing");
  cases["Worker"] = () => new Promise((done) => {
    try {
      new Worker(target + "/gui.js").onerror = ({ message }) => done(message === undefined ? "nothing" : "ran");
    } catch {
      done("nothing");
    }
  });
  cases["importScripts"] = () => new Promise((done) => {
    const code = "try { importScripts(" + JSON.stringify(target + "/gui.js") + "); postMessage('ran') } catch { postMessage('nothing') }";
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    worker.onmessage = ({ data }) => (worker.terminate(), done(data));
  });
  cases["service worker"] = () => navigator.serviceWorker === undefined ? "nothing" : navigator.serviceWorker.register(target + "/gui.js").then(() => "registered", () => "nothing");

  const framed = (change, address = target + "/") => () => new Promise((done) => {
    const frame = document.createElement("iframe");
    change(frame);
    frame.src = address;
    frame.onload = () => {
      let seen;
      try {
        seen = frame.contentDocument?.body?.innerText;
      } catch { /* not ours */ }
      let inside = 0;
      try {
        inside = frame.contentWindow.length;
        frame.contentWindow.postMessage({ kind: "say", to: "#lobby", text: "hijacked" }, "*");
      } catch { /* not ours */ }
      done(seen || inside ? "read " + seen + inside : "nothing");
    };
    document.body.append(frame);
  });
  cases["frame"] = framed(() => {});
  cases["frame with the unspent secret"] = framed(() => {}, target + "/#" + secret);
  cases["frame of events"] = framed(() => {}, target + "/events");
  cases["frame without a name"] = framed((frame) => { frame.credentialless = true; });
  cases["sandboxed frame"] = framed((frame) => { frame.sandbox = "allow-scripts"; });
  cases["object"] = async () => (document.body.append(Object.assign(document.createElement("object"), { data: target + "/" })), "nothing");

  // What comes from nowhere: Origin: null.
  const within = (name, code) => cases[name + " from a sandboxed frame"] = () => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts allow-forms";
    addEventListener("message", ({ source, data }) => source === frame.contentWindow && done(data));
    frame.srcdoc = "<script>(" + code + ")(" + JSON.stringify(target) + "," + JSON.stringify(knock) + "," + JSON.stringify(token) + ").then((data) => parent.postMessage(data, '*'))</" + "script>";
    document.body.append(frame);
  });
  within("fetch", "(t) => fetch(t + '/', { credentials: 'include' }).then(() => 'read', () => 'nothing')");
  within("POST", "(t, knock) => fetch(t + '/session', { method: 'POST', mode: 'no-cors', body: knock }).then(() => 'nothing', () => 'nothing')");
  within("WebSocket", "(t, knock, token) => new Promise((done) => { const it = new WebSocket(t.replace('http:', 'ws:') + '/events', ['chat', token]); it.onopen = () => done('open'); it.onerror = () => done('nothing') })");
  within("form", "async (t, knock) => { const form = Object.assign(document.createElement('form'), { method: 'post', action: t + '/session', enctype: 'text/plain' }); document.body.append(form); form.submit(); return 'nothing' }");

  for (const enctype of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    cases["form " + enctype] = () => new Promise((done) => {
      const frame = Object.assign(document.createElement("iframe"), { name: "f" + enctype });
      const form = Object.assign(document.createElement("form"), { method: "post", action: target + "/session", enctype, target: "f" + enctype });
      const field = Object.assign(document.createElement("input"), { name: knock.slice(0, -1) + ',"x":"', value: '"}' });
      form.append(field);
      document.body.append(frame, form);
      frame.onload = () => {
        let seen;
        try {
          seen = frame.contentDocument.body.innerText;
        } catch { /* not ours */ }
        done(seen ? "read " + seen : "nothing");
      };
      form.submit();
    });
  }
  cases["background image"] = async () => (document.body.style.background = "url(" + target + "/icon.svg)", "nothing");
  cases["@import"] = async () => {
    document.head.append(Object.assign(document.createElement("style"), { textContent: "@import '" + target + "/gui.css'" }));
    await new Promise((done) => setTimeout(done, 50));
    try {
      return document.styleSheets[document.styleSheets.length - 1].cssRules[0].styleSheet?.cssRules.length ? "read" : "nothing";
    } catch {
      return "nothing";
    }
  };
  cases["drawing an image"] = () => new Promise((done) => {
    const image = Object.assign(new Image(), { crossOrigin: "use-credentials", src: target + "/icon.svg" });
    image.onload = () => done("loaded");
    image.onerror = () => done("nothing");
  });
  cases["window.open"] = () => new Promise((done) => {
    const opened = open(target + "/");
    const look = setInterval(() => {
      let seen;
      try {
        seen = opened.localStorage?.token ?? opened.document?.body?.innerText;
      } catch { /* not ours */ }
      if (seen) clearInterval(look), done("read " + seen);
      if (opened === null || opened.closed) clearInterval(look), done("nothing"); // it was cut off
    }, 20);
  });
  cases["a message to every window"] = async () => {
    for (const each of [self.opener, self.parent, self.top]) each?.postMessage({ kind: "say", to: "#lobby", text: "hijacked" }, "*");
    const channel = new BroadcastChannel("chat");
    channel.postMessage({ kind: "say", to: "#lobby", text: "hijacked" });
    channel.close();
    return "nothing";
  };
  cases["storage and cookies"] = async () => localStorage.getItem("token") === null && !document.cookie.includes("chat_") ? "nothing" : "read";

  const found = {};
  await Promise.all(Object.entries(cases).map(async ([name, run]) => {
    found[name] = await soon(Promise.resolve().then(run).catch((error) => "nothing (" + error + ")"));
  }));
  return found;
})`;
