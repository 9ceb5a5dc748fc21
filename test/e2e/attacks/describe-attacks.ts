import { Arena, type Battleground } from "./arena";
import type { Attack } from "./attack";

const minutes = 60_000;

/** Declares the tests of some attacks: each breaks every weak variant it names, and is held by the hardened host, in the same run. */
export function describeAttacks(name: string, chosen: readonly Attack[], ground?: Battleground): void {
  let arena: Arena | undefined;
  const ready = () => {
    if (arena === undefined) throw new Error("the arena is not open");
    return arena;
  };
  beforeAll(async () => {
    arena = await Arena.open(name, chosen, (line) => process.stderr.write(`${line}\n`), ground);
  }, 15 * minutes);

  afterAll(() => Arena.remove(name, arena, ground), minutes);

  describe.each(chosen.map((attack) => [attack.name, attack] as const))("%s", (_name, attack) => {
    if (attack.weak.length > 0)
      test.each(attack.weak)(
        "breaks %s",
        async (variant) => {
          expect((await ready().twin(attack, variant, false)).outcome).toMatchObject({ broken: true });
        },
        10 * minutes,
      );

    test(
      "is held by the hardened host",
      async () => {
        expect((await ready().hardened(attack, false)).outcome).toMatchObject({ broken: false });
      },
      10 * minutes,
    );
  });
}
