import { asHeard, cut, dominantTone, heardTone, longestGap, purity, readWav, type Wav } from "../../e2e/peers/tone";

const rate = 8000;

function tone(hz: number, ms: number, amplitude = 8000): Int16Array {
  return Int16Array.from({ length: (ms * rate) / 1000 }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / rate)),
  );
}

function wav(...pieces: Int16Array[]): Wav {
  return { rate, samples: Int16Array.from(pieces.flatMap((piece) => [...piece])) };
}

const silence = (ms: number): Int16Array => new Int16Array((ms * rate) / 1000);

function file({ samples }: Wav, channels = 1, bits = 16): Buffer {
  const data = Buffer.concat(
    [...samples].map((sample) => {
      const frame = Buffer.alloc(2 * channels);
      frame.writeInt16LE(sample);
      return frame;
    }),
  );
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt16LE(bits, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

test("a WAV file is read back, also with two channels and while it is still being written", () => {
  const original = wav(tone(440, 100));
  const whole = file(original);
  const unfinished = Buffer.from(whole);
  unfinished.writeUInt32LE(0, 40);
  for (const bytes of [whole, file(original, 2), unfinished]) expect(readWav(bytes)).toEqual(original);
});

test("what is not 16-bit PCM is refused", () => {
  expect(() => readWav(Buffer.from("ID3 something else"))).toThrow("not a WAV file");
  expect(() => readWav(file(wav(tone(440, 20)), 1, 8))).toThrow("8 bits");
});

test.each([300, 440, 880, 1000, 3000])("the dominant tone of a %i Hz tone is itself", (hz) => {
  expect(dominantTone(tone(hz, 200), rate)).toBe(hz);
  expect(purity(tone(hz, 200), rate, hz)).toBeCloseTo(1, 1);
});

test("silence and noise have no tone", () => {
  expect(dominantTone(silence(100), rate)).toBeUndefined();
  let state = 1;
  const noise = Int16Array.from({ length: rate }, () => (state = (state * 48271) % 2147483647) % 20000);
  expect(heardTone({ rate, samples: noise }, 440)).toBeLessThan(0.05);
});

test("the share of a tone is the share of time, and the other tone is not taken for it", () => {
  const half = wav(tone(440, 1000), tone(880, 1000));
  expect(heardTone(half, 440)).toBeCloseTo(0.5, 2);
  expect(heardTone(half, 880)).toBeCloseTo(0.5, 2);
  expect(heardTone({ rate, samples: new Int16Array() }, 440)).toBe(0);
});

test.each([0, 40, 100, 120, 500])("a gap of %i ms is measured to one window", (ms) => {
  const measured = longestGap(wav(tone(440, 510), silence(ms), tone(440, 510)), 440);
  expect(Math.abs(measured - ms)).toBeLessThanOrEqual(20);
});

test("a tone that stops, starts late or never comes is a gap too", () => {
  expect(longestGap(wav(tone(440, 500), silence(300)), 440)).toBe(300);
  expect(longestGap(wav(silence(300), tone(440, 500)), 440)).toBe(300);
  expect(longestGap(wav(tone(880, 700)), 440)).toBe(700);
});

test("cut keeps the asked part", () => {
  const parts = wav(silence(300), tone(440, 500), silence(100));
  expect(longestGap(cut(parts, 300, 800), 440)).toBe(0);
  expect(cut(parts, 800).samples).toHaveLength(800);
});

describe("audio laid out as heard", () => {
  const received = wav(tone(440, 400));
  const frames = (times: number[]) => times.map((at) => ({ at, samples: 160 }));
  const every20 = Array.from({ length: 20 }, (_, i) => 1000 + 20 * i);

  test("steady arrival changes nothing", () => {
    expect(asHeard(received, frames(every20), 990, 1400)).toEqual(received);
  });

  test("jitter below the playout buffer is not heard", () => {
    expect(asHeard(received, frames(every20.map((at, i) => at + (i % 3) * 15)), 990, 1400)).toEqual(received);
  });

  test("packets that never came are heard as a gap as long as they were", () => {
    const times = every20.map((at, i) => (i < 10 ? at : at + 140));
    expect(longestGap(asHeard(received, frames(times), 1000, 1540), 440)).toBe(140);
  });

  test("silence before the first and after the last packet counts", () => {
    const heard = asHeard(received, frames(every20), 700, 2000);
    expect(heard.samples.length / 8).toBe(1300);
    expect(longestGap(heard, 440)).toBe(600);
  });
});
