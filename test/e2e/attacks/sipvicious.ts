import { crackWithSipvicious, listWithSipvicious } from "../peers/sipvicious";
import { above, type Attack } from "./attack";
import { freshSource, type Target } from "./target";

const stranger = (target: Target) => ({
  namespace: target.sandbox.namespaces.attacker,
  address: freshSource(target),
  target: target.address,
});

/** Lets the public enumerator list extensions. */
export const svwar: Attack = {
  name: "svwar",
  what: "lets SIPVicious' svwar look for the extensions 100 to 199, by REGISTER and by INVITE",
  measures: "extensions listed",
  goal: "0",
  weak: ["tutorial16"],
  run: async (target) => {
    const lists = [];
    for (const method of ["REGISTER", "INVITE"])
      lists.push(await listWithSipvicious(stranger(target), method, "100-199"));
    const found = new Set(lists.flat());
    return above(0, found.size, [...found].join(", ") || undefined);
  },
};

/** Lets the public cracker guess passwords. */
export const svcrack: Attack = {
  name: "svcrack",
  what: "lets SIPVicious' svcrack try the passwords 1000 to 1300 of one known name",
  measures: "passwords found",
  goal: "0",
  weak: ["tutorial22"],
  run: async (target) => {
    const user = target.accounts[5]?.user ?? "";
    const { password } = await crackWithSipvicious(stranger(target), user, "1000-1300");
    return above(0, password === undefined ? 0 : 1);
  },
};
