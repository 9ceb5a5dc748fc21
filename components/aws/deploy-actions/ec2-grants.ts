import { grant } from "./grant";

/** Questions to EC2, which it cannot narrow. */
export const look = (words: string) => grant("any", "ec2", words);

/** Changes of what EC2 names itself. */
export const change = (words: string) => grant("ec2", "ec2", words);

/** Tags of what EC2 names itself. */
export const tags = change("CreateTags DeleteTags");
