import { readClock } from "../../e2e/peers/phone-recording";

test("the clock's sizes become samples per arrival, file by file, without the header", () => {
  const clock = ["10.0 364 a-dec.wav", "20.5 684 a-dec.wav", "30.0 204 b-dec.wav", "41.0 1324 a-dec.wav", "half a li"];
  expect(readClock(clock.join("\n"))).toEqual(
    new Map([
      [
        "a-dec.wav",
        [
          { at: 10, samples: 160 },
          { at: 20.5, samples: 160 },
          { at: 41, samples: 320 },
        ],
      ],
      ["b-dec.wav", [{ at: 30, samples: 80 }]],
    ]),
  );
});

test("a file that is begun anew forgets what it held", () => {
  const clock = ["10.0 364 a-dec.wav", "20.0 684 a-dec.wav", "30.0 44 a-dec.wav", "40.0 124 a-dec.wav"];
  expect(readClock(clock.join("\n")).get("a-dec.wav")).toEqual([
    { at: 30, samples: 0 },
    { at: 40, samples: 40 },
  ]);
});
