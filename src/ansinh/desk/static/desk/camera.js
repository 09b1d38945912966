// Reads QR codes from the camera: with the browser's own reader where it has one, else with the vendored zxing-wasm (zxing/LICENSE.txt), fetched on first use.
const PAUSE_MS = 120;
// A card counts again once it was away: for so long, and on so many pictures, since a slow machine looks seldom.
const AWAY_MS = 4000;
const AWAY_PICTURES = 3;
const WIDTH_MAX = 1280;

async function reader() {
  if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const own = new window.BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await own.detect(video)).map((found) => found.rawValue);
  }
  await new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = new URL("zxing/zxing_reader.js", import.meta.url).href;
    script.onload = loaded;
    script.onerror = failed;
    document.head.append(script);
  });
  const zxing = window.ZXingWASM;
  const place = new URL("zxing/zxing_reader.wasm", import.meta.url).href;
  await zxing.prepareZXingModule({ overrides: { locateFile: () => place }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const shrink = Math.min(1, WIDTH_MAX / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * shrink);
    canvas.height = Math.round(video.videoHeight * shrink);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    const found = await zxing.readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
    return found.filter((code) => code.isValid !== false && code.text).map((code) => code.text);
  };
}

// Show the camera in `video` and call `scanned` with the text of each code; the same card held still counts once. Returns what closes it.
export async function open(video, scanned) {
  const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  const close = () => { stream.getTracks().forEach((track) => track.stop()); video.srcObject = null; };
  let read;
  try {
    video.srcObject = stream;
    await video.play();
    read = await reader();
  } catch (trouble) {
    close();
    throw trouble;
  }
  let last = "", missed = 0, awayAt = 0;
  const look = async () => {
    if (!video.srcObject) return;
    try {
      const [text] = video.videoWidth ? await read(video) : [];
      const now = Date.now();
      if (text && video.srcObject) {
        if (text !== last || (missed >= AWAY_PICTURES && now - awayAt > AWAY_MS)) {
          if (navigator.vibrate) navigator.vibrate(60);
          scanned(text);
        }
        last = text;
        missed = 0;
      } else if (missed++ === 0) awayAt = now;
    } catch { /* one unreadable picture; the next follows */ }
    setTimeout(look, PAUSE_MS);
  };
  look();
  return close;
}
