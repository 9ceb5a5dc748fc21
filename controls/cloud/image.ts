import type { CloudControl, Made } from "./cloud-control";
import { every } from "./judging";

const accounts = /^(\d{12}|self|amazon)$/;

/** A search is by owner, for anybody may publish an image of any name; one by id asks for that image alone. */
function searchFault({ inputs }: Made): string | undefined {
  const { owners = [], filters = [] } = inputs as {
    owners?: readonly string[];
    filters?: readonly { readonly name: string }[];
  };
  if (filters.some(({ name }) => name === "image-id")) return undefined;
  return owners.length > 0 && owners.every((owner) => accounts.test(owner))
    ? undefined
    : "an image is looked for by its name, whoever published it";
}

/** Which image the machine boots. */
export const imageControls: readonly CloudControl[] = [
  {
    row: 32,
    ids: ["CKV_AWS_386", "AWS-0344"],
    threat: "Anybody publishes an image of the name that is looked for, and the next machine boots it.",
    judge: (made) => every(made, "aws:ec2/getAmi:getAmi", searchFault),
  },
];
