/** Reads codes out of pictures; a part of the browser that not every browser has. */
interface CodeReader {
  detect(picture: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type CodeReaderMaker = new (options: { formats: readonly string[] }) => CodeReader;

const maker = (): CodeReaderMaker | undefined =>
  (globalThis as { BarcodeDetector?: CodeReaderMaker }).BarcodeDetector;

/** Whether this browser reads codes by its camera. */
export const hasCamera = (): boolean =>
  maker() !== undefined && navigator.mediaDevices !== undefined;

const everyMs = 250;

/** Shows the camera and tells the first QR code in front of it; ends when `stop` is. @throws DOMException without permission */
export async function readByCamera(
  video: HTMLVideoElement,
  stop: AbortSignal,
): Promise<string | null> {
  const Reader = maker();
  if (!Reader) return null;
  const reader = new Reader({ formats: ['qr_code'] });
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment' },
  });
  try {
    video.srcObject = stream;
    await video.play();
    while (!stop.aborted) {
      const [found] = await reader.detect(video);
      if (found) return found.rawValue;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
