// Reads the address of another node from a picture of its QR code. The picture stays in the browser.
// Without this script the address is pasted as a text.
"use strict";
(() => {
  const part = document.getElementById("by-picture");
  const address = document.getElementById("address");
  if (!part || !address || !window.createImageBitmap) return;
  const picture = part.querySelector("input");
  const said = part.querySelector("[role=status]");
  // Codes on photographs are found as well in fewer points, and much sooner.
  const SIDE_MAX = 1200;
  part.hidden = false;

  // The reader is large, so it comes only once it is needed.
  const reader = () => new Promise((done, failed) => {
    if (window.jsQR) { done(window.jsQR); return; }
    const policy = window.trustedTypes
      ? trustedTypes.createPolicy("qr", { createScriptURL: (url) => { if (url === part.dataset.reader) return url; throw new TypeError(url); } })
      : null;
    const script = document.createElement("script");
    script.src = policy ? policy.createScriptURL(part.dataset.reader) : part.dataset.reader;
    script.addEventListener("load", () => done(window.jsQR));
    script.addEventListener("error", failed);
    document.head.append(script);
  });
  const read = async (file) => {
    const [read, whole] = [await reader(), await createImageBitmap(file)];
    const scale = Math.min(1, SIDE_MAX / Math.max(whole.width, whole.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(whole.width * scale));
    canvas.height = Math.max(1, Math.round(whole.height * scale));
    const context = canvas.getContext("2d");
    context.drawImage(whole, 0, 0, canvas.width, canvas.height);
    const points = context.getImageData(0, 0, canvas.width, canvas.height);
    return read(points.data, points.width, points.height)?.data ?? "";
  };
  picture.addEventListener("change", async () => {
    if (!picture.files.length) return;
    let text = "";
    try { text = await read(picture.files[0]); } catch { text = ""; }
    const found = text.startsWith("/") && text.length <= address.maxLength;
    said.textContent = found ? part.dataset.found : part.dataset.none;
    said.className = found ? "notice good" : "notice warn";
    if (found) { address.value = text; address.focus(); }
  });
})();
